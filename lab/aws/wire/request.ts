import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-error.ts';
import { authorise, type Principal, type Signer } from './signature.ts';

/** A request whose signature holds. */
export interface AwsRequest {
  readonly id: string;
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly service: string;
  readonly region: string;
  readonly principal: Principal;
  /** How the caller reached the endpoint: `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** Aborted when the caller hangs up. */
  readonly hangUp: AbortSignal;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const LARGEST_BODY = 512 * 1024 * 1024;

export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new AwsError('EntityTooLarge', 'the lab takes bodies up to 512 MiB', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface ReceivedRequest {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  readonly id: string;
  readonly now: number;
  readonly hangUp: AbortSignal;
}

/** Checks the signature, and takes from it who calls which service in which Region. */
export function signedRequest(
  received: ReceivedRequest,
  signer: (accessKeyId: string) => Signer | undefined,
): AwsRequest {
  const { message, body, id } = received;
  const host = message.headers.host ?? '127.0.0.1';
  const url = new URL(message.url ?? '/', `http://${host}`);
  const path = (message.url ?? '/').split('?', 1)[0] ?? '/';
  const parts = { method: message.method ?? 'GET', path, query: url.searchParams, headers: message.headers, body };
  const scope = authorise(parts, signer, received.now);
  return {
    ...parts,
    id,
    service: scope.service,
    region: scope.region,
    principal: scope.principal,
    origin: `http://${host}`,
    hangUp: received.hangUp,
  };
}
