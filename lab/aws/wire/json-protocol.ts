import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { Calls, Service } from '../service.ts';
import type { AwsRequest, AwsResponse } from './request.ts';

export interface JsonProtocol {
  readonly service: string;
  /** What stands before the dot in `X-Amz-Target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** Prefix of the error's `__type`. */
  readonly errorNamespace: string;
}

/** The AWS JSON protocol: the call's name in a header, JSON in and out. */
export function jsonService(protocol: JsonProtocol, calls: Calls): Service {
  return {
    name: protocol.service,
    answer: async (request, context) => {
      const [target, name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
      const call = calls[name];
      if (call === undefined || target !== protocol.target)
        throw new AwsError('UnknownOperationException', `the lab has no call ${name} of ${protocol.service}`);
      const input = inputOf(request);
      const unknown = Object.keys(input).find((key) => !call.takes.includes(key));
      if (unknown !== undefined) {
        throw new AwsError(
          'ValidationException',
          `lab/aws does not support ${unknown} of ${name}; see lab/aws/SPEC.md`,
        );
      }
      context.enter(protocol.service, name);
      return answer(protocol, request, 200, await call.run(input, context));
    },
    refuse: (error, request) => {
      const type = `${protocol.errorNamespace}${error.code}`;
      const response = answer(protocol, request, error.status, { __type: type, message: error.message });
      return { ...response, headers: { ...response.headers, 'x-amzn-errortype': error.code, ...error.extra } };
    },
  };
}

function inputOf(request: AwsRequest): JsonObject {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // falls through to the one answer for both
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

function answer(
  protocol: JsonProtocol,
  request: Pick<AwsRequest, 'id'>,
  status: number,
  body: JsonObject,
): AwsResponse {
  const headers = { 'content-type': `application/x-amz-json-${protocol.version}`, 'x-amzn-requestid': request.id };
  return { status, headers, body: JSON.stringify(body) };
}
