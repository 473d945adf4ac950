import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'forge-token-do-not-print';
export const HEAD = '5e7c9a1b3d5f7a9b1c3d5e7f9a1b3c5d7e9f1a3b';

export interface StoredComment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly system?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
}

/** A forge in memory, and what a test lays hands on. */
export interface ForgeEndpoint {
  readonly api: string;
  /** Oldest first. */
  readonly comments: StoredComment[];
  readonly statuses: Readonly<Record<string, unknown>>[];
  /** `POST /path`, in order. */
  readonly calls: string[];
  /** Asked before each call: an answer instead of the real one; `lost` does the work and drops the connection. */
  intercept: (call: Call) => Reply | 'lost' | undefined;
  add(author: string, body: string, system?: boolean): StoredComment;
  close(): Promise<void>;
}

export interface Dialect {
  /** Below the host. */
  readonly base: string;
  readonly perPage: number;
  readonly tokenOf: (request: IncomingMessage) => string | undefined;
  readonly answer: (call: Call, endpoint: ForgeEndpoint, page: (all: readonly unknown[]) => Reply) => Reply;
}

export async function startForge(dialect: Dialect): Promise<ForgeEndpoint> {
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let last = 0;
  const endpoint: ForgeEndpoint = {
    api: `${host}${dialect.base}`,
    ...{ comments: [], statuses: [], calls: [] },
    intercept: () => undefined,
    add(author, body, system = false) {
      last += 1;
      const comment = { id: last, author, body, system };
      endpoint.comments.push(comment);
      return comment;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', host);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const path = url.pathname.slice(dialect.base.length);
    const call = {
      method: request.method ?? '',
      path: url.pathname.startsWith(dialect.base) ? path : url.pathname,
      query: url.searchParams,
      body,
      token: dialect.tokenOf(request),
    };
    endpoint.calls.push(`${call.method} ${call.path}`);
    const instead = endpoint.intercept(call);
    const page = (all: readonly unknown[]): Reply => {
      const size = Math.min(Number(url.searchParams.get('per_page') ?? dialect.perPage), 100);
      const at = Number(url.searchParams.get('page') ?? 1);
      const next = new URL(url);
      next.searchParams.set('page', String(at + 1));
      const isLast = at * size >= all.length;
      return {
        status: 200,
        body: all.slice((at - 1) * size, at * size),
        headers: isLast
          ? {}
          : { link: `<${url.href}>; rel="self", <${next.href}>; rel="next", <${next.href}>; rel="last"` },
      };
    };
    const real = (): Reply =>
      call.token === TOKEN
        ? dialect.answer(call, endpoint, page)
        : { status: 401, body: { message: 'Bad credentials' } };
    if (instead === 'lost') {
      real();
      request.socket.destroy();
      return;
    }
    const { status, body: answer, headers } = instead ?? real();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  }
  return endpoint;
}

export const gone: Reply = { status: 404, body: { message: 'Not Found' } };
