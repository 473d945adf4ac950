import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { AUTH_URL, LAB_ENDPOINTS } from './endpoints.ts';
import type { LabEndpoints } from './types.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface CloudRequest {
  readonly method?: string;
  readonly body?: Json;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of one request. The first one to a worker waits until it is loaded; on a busy machine that takes half a minute. */
const PATIENCE_MS = 90_000;

/** A string of an answer, or nothing. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A request that was answered with an error status. */
class CloudStatusError extends Error {
  readonly status: number;

  constructor(url: string, status: number, body: string) {
    super(`${new URL(url).pathname} answered ${status}: ${body.slice(0, 300).replaceAll(/\s+/g, ' ')}`);
    this.status = status;
  }
}

/** The administrator of the lab, over plain HTTP on loopback. */
export class Cloud {
  readonly #password: string;
  #login: Promise<{ token: string; projectId: string; expires: number }> | undefined;

  constructor(password: string) {
    this.#password = password;
  }

  async projectId(): Promise<string> {
    return (await this.#session()).projectId;
  }

  async token(): Promise<string> {
    return (await this.#session()).token;
  }

  async call(service: keyof LabEndpoints, path: string, request: CloudRequest = {}): Promise<Record<string, Json>> {
    const { token } = await this.#session();
    const url = `${LAB_ENDPOINTS[service]}${path}`;
    const response = await send(url, { ...request, headers: { 'x-auth-token': token, ...request.headers } });
    if (response.status === 401) this.#login = undefined;
    const { text } = response;
    if (response.status >= 400) throw new CloudStatusError(url, response.status, text);
    return text === '' ? {} : (JSON.parse(text) as Record<string, Json>);
  }

  async #session(): Promise<{ token: string; projectId: string; expires: number }> {
    const current = await this.#login?.catch(() => undefined);
    if (current !== undefined && current.expires > Date.now() + 60_000) return current;
    this.#login = this.#authenticate();
    return await this.#login;
  }

  async #authenticate(): Promise<{ token: string; projectId: string; expires: number }> {
    const user = { name: 'admin', domain: { id: 'default' }, password: this.#password };
    const url = `${AUTH_URL}/auth/tokens`;
    const response = await send(url, {
      method: 'POST',
      body: {
        auth: {
          identity: { methods: ['password'], password: { user } },
          scope: { project: { name: 'admin', domain: { id: 'default' } } },
        },
      },
    });
    const { text } = response;
    if (response.status >= 400) throw new CloudStatusError(url, response.status, text);
    const { token } = JSON.parse(text) as { token: { expires_at: string; project: { id: string } } };
    return {
      token: String(response.headers['x-subject-token']),
      projectId: token.project.id,
      expires: Date.parse(token.expires_at),
    };
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** A connection a request: uwsgi closes without saying so, and one that is used again would be cut in the middle. */
async function send(url: string, request: CloudRequest): Promise<Answer> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...request.headers,
  };
  return await new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(request.timeoutMs ?? PATIENCE_MS);
    const outgoing = httpRequest(
      url,
      { method: request.method ?? 'GET', headers, agent: false, signal },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
        response.once('error', reject);
      },
    );
    outgoing.once('error', (error) =>
      reject(new Error(`${new URL(url).pathname} did not answer: ${error.message}`, { cause: error })),
    );
    outgoing.end(body);
  });
}
