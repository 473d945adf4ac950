import { AwsError } from '../aws-error.ts';
import type { CallContext, Service } from '../service.ts';
import { treeOf } from '../wire/parameters.ts';
import { type QueryProtocol, queryAnswer, queryRefusal } from '../wire/query.ts';
import type { AwsRequest, AwsResponse } from '../wire/request.ts';
import { violations } from './constraints.ts';
import { fromJson, toJson } from './json-values.ts';
import { QueryInput } from './query-input.ts';
import type { ApiModel } from './shapes.ts';
import { XmlOutput } from './xml-output.ts';

/** What a call does: its input checked by the shape, its output in the shape's members. Times are milliseconds since 1970. */
export type Run = (name: string, input: Readonly<Record<string, unknown>>, context: CallContext) => unknown;

export interface ModelledService {
  /** As in the signature's scope. */
  readonly name: string;
  /** As IAM and the buckets of tokens name it. @default - the name */
  readonly prefix?: string;
  readonly model: ApiModel;
  readonly protocol: 'query' | 'ec2' | 'json';
  /** Prefix of an error's `__type` in JSON. @default '' */
  readonly errorNamespace?: string;
}

/** A service whose calls are AWS's published shapes. One that speaks JSON is understood in the query protocol too, where AWS does so. */
export function modelledService(service: ModelledService, run: Run): Service {
  const { name, model, protocol } = service;
  const query: QueryProtocol = {
    service: name,
    version: model.version,
    namespace: model.namespace,
    ...(protocol === 'ec2' && { dialect: 'ec2' }),
  };
  const call = async (
    named: string,
    read: (shape: string) => unknown,
    context: CallContext,
  ): Promise<{ readonly gives: string | undefined; readonly output: unknown }> => {
    const operation = model.operations[named];
    if (operation === undefined) throw unknownCall(service, named);
    const input = (operation.takes === undefined ? {} : read(operation.takes)) as Readonly<Record<string, unknown>>;
    context.enter(service.prefix ?? name, named, input);
    if (operation.takes !== undefined) check(service, violations(model, operation.takes, input));
    return { gives: operation.gives, output: await run(named, input, context) };
  };
  const overQuery = async (request: AwsRequest, context: CallContext): Promise<AwsResponse> => {
    const tree = treeOf([...request.query, ...new URLSearchParams(request.body.toString('utf8'))]);
    const [action, version] = [tree.get('Action'), tree.get('Version')];
    tree.delete('Action');
    tree.delete('Version');
    const named = typeof action === 'string' ? action : '';
    if (version !== model.version) throw unknownCall(service, named);
    const { gives, output } = await call(
      named,
      (shape) => new QueryInput(model, protocol === 'ec2').read(shape, tree),
      context,
    );
    const xml = gives === undefined ? '' : new XmlOutput(model, protocol === 'ec2').write(gives, output);
    // Where there is nothing to tell, EC2 says so.
    return queryAnswer(query, named, protocol === 'ec2' && xml === '' ? '<return>true</return>' : xml, request.id);
  };
  const overJson = async (request: AwsRequest, context: CallContext): Promise<AwsResponse> => {
    const [target, named = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (target !== model.target) throw unknownCall(service, named);
    const body: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8'));
    const { gives, output } = await call(named, (shape) => fromJson(model, shape, body), context);
    return jsonAnswer(request, 200, gives === undefined ? {} : toJson(model, gives, output));
  };
  const isJson = (request: Pick<AwsRequest, 'headers'>): boolean => 'x-amz-target' in request.headers;
  return {
    name,
    answer: (request, context) => (isJson(request) ? overJson : overQuery)(request, context),
    refuse: (error, request) => {
      if (!isJson(request)) return queryRefusal(query, error, request.id);
      const type = `${service.errorNamespace ?? ''}${error.code}`;
      const answer = jsonAnswer(request, error.status, { __type: type, message: error.message });
      const kind = error.status < 500 ? 'Sender' : 'Receiver';
      const headers = { 'x-amzn-errortype': error.code, 'x-amzn-query-error': `${error.code};${kind}`, ...error.extra };
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
  };
}

function unknownCall({ name, model, protocol }: ModelledService, asked: string): AwsError {
  return protocol === 'json'
    ? new AwsError('UnknownOperationException', `the lab has no call ${asked} of ${name}`)
    : new AwsError('InvalidAction', `Could not find operation ${asked} for version ${model.version}`);
}

/** The first thing that is wrong in EC2's words, or all of them in the words of the others. */
function check({ protocol, name }: ModelledService, found: readonly string[]): void {
  const [first] = found;
  if (first === undefined) return;
  if (protocol === 'ec2') {
    const missing = /^Value null at '([^']*)'/.exec(first)?.[1];
    if (missing === undefined) throw new AwsError('InvalidParameterValue', first);
    const capital = missing.charAt(0).toUpperCase() + missing.slice(1);
    throw new AwsError('MissingParameter', `The request must contain the parameter ${capital}`);
  }
  const code = protocol === 'query' || name === 'monitoring' ? 'ValidationError' : 'ValidationException';
  const count = found.length === 1 ? '1 validation error' : `${found.length} validation errors`;
  throw new AwsError(code, `${count} detected: ${found.join('; ')}`);
}

function jsonAnswer(request: Pick<AwsRequest, 'id' | 'headers'>, status: number, body: unknown): AwsResponse {
  // The version of the protocol that was asked in.
  const asked = request.headers['content-type'] ?? `application/x-amz-json-1.1`;
  const headers = { 'content-type': asked, 'x-amzn-requestid': request.id };
  return { status, headers, body: JSON.stringify(body ?? {}) };
}
