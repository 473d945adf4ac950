import { AwsError, notInLab } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { Calls, Service } from '../service.ts';
import { type Tree, treeOf } from './parameters.ts';
import type { AwsRequest, AwsResponse } from './request.ts';
import { escapeXml, xmlOf } from './xml.ts';

export interface QueryProtocol {
  readonly service: string;
  readonly version: string;
  readonly namespace: string;
  /** EC2 has a dialect of its own: other tags, other errors, no result element. */
  readonly dialect?: 'ec2';
}

/** The AWS query protocol: form parameters in, XML out. */
export function queryService(protocol: QueryProtocol, calls: Calls): Service {
  return {
    name: protocol.service,
    answer: async (request, context) => {
      const { Action: action = '', Version: version, ...input } = decode(request);
      const name = typeof action === 'string' ? action : '';
      const call = calls[name];
      if (call === undefined || version !== protocol.version) {
        const asked = typeof version === 'string' ? version : 'none';
        throw new AwsError('InvalidAction', `Could not find operation ${name} for version ${asked}`);
      }
      const unknown = Object.keys(input).find((key) => !call.takes.includes(key));
      if (unknown !== undefined) throw notInLab(name, unknown);
      context.enter(protocol.service, name);
      const output = xmlOf(await call.run(input, context));
      return queryAnswer(protocol, name, output, request.id);
    },
    refuse: (error, request) => queryRefusal(protocol, error, request.id),
  };
}

/** @param output - the result's XML */
export function queryAnswer(protocol: QueryProtocol, name: string, output: string, id: string): AwsResponse {
  const attributes = `xmlns="${protocol.namespace}"`;
  const body =
    protocol.dialect === 'ec2'
      ? `<${name}Response ${attributes}><requestId>${id}</requestId>${output}</${name}Response>`
      : `<${name}Response ${attributes}><${name}Result>${output}</${name}Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${name}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id }, body };
}

export function queryRefusal(protocol: QueryProtocol, error: AwsError, id: string): AwsResponse {
  const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const body =
    protocol.dialect === 'ec2'
      ? `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${id}</RequestID></Response>`
      : `<ErrorResponse xmlns="${protocol.namespace}"><Error><Type>${type}</Type>${inner}</Error><RequestId>${id}</RequestId></ErrorResponse>`;
  return { status: error.status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id }, body };
}

/** `Tags.member.1.Key=a` becomes `{Tags: [{Key: 'a'}]}`. */
function decode(request: Pick<AwsRequest, 'body' | 'query'>): JsonObject {
  const decoded = collapse(treeOf([...request.query, ...new URLSearchParams(request.body.toString('utf8'))]));
  return isObject(decoded) ? decoded : {};
}

function collapse(tree: Tree | string): Json {
  if (typeof tree === 'string') return tree;
  const wrapped = tree.get('member') ?? tree.get('entry');
  if (tree.size === 1 && wrapped instanceof Map) return collapse(wrapped);
  const keys = [...tree.keys()];
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => collapse(value));
  }
  // `member=` alone is how an empty list is written.
  if (tree.size === 1 && wrapped === '') return [];
  return Object.fromEntries([...tree].map(([key, value]) => [key, collapse(value)]));
}
