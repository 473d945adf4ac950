import { z } from 'zod';
import type { CloudAccess } from './clouds-yaml.ts';
import type { Credentials } from './credentials.ts';
import { ifThere, statusOf } from './errors.ts';
import { type HttpAnswer, type HttpOptions, type HttpRequest, readAs, send } from './http.ts';
import { type Caller, type ServiceName, Session } from './session.ts';
import { trusting } from './trust.ts';

/** Version of each API that answers are read in; the lowest that has what is asked for. */
const MICROVERSIONS: Partial<Readonly<Record<ServiceName, string>>> = {
  compute: 'compute 2.64',
  volume: 'volume 3.50',
  placement: 'placement 1.29',
};

/** Paths are given from here on; catalogues stand with and without the version. */
const VERSION_PATHS: Partial<Readonly<Record<ServiceName, string>>> = {
  identity: '/v3',
  network: '/v2.0',
  image: '/v2',
  balancer: '/v2.0',
  dns: '/v2',
  secrets: '/v1',
};

export interface CallOptions {
  /** Headers besides the token and the version, such as Designate's `x-auth-sudo-project-id`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** OpenStack's API over `fetch`: authenticates, follows pages, retries, and checks what comes back. */
export class OpenStackClient {
  readonly #session: Session;
  readonly #options: HttpOptions;
  /** What ends its requests. */
  readonly signal: AbortSignal | undefined;

  private constructor(session: Session, options: HttpOptions, signal?: AbortSignal) {
    this.#session = session;
    this.#options = options;
    this.signal = signal;
  }

  static open(access: CloudAccess, options: HttpOptions): OpenStackClient {
    const { caFile } = access;
    const own =
      caFile === undefined || options.transport !== undefined ? options : { ...options, transport: trusting(caFile) };
    return new OpenStackClient(new Session(access, own), own);
  }

  get authUrl(): string {
    return this.#session.authUrl;
  }

  get isRescopable(): boolean {
    return this.#session.isRescopable;
  }

  /** The same session, whose requests end with a signal. */
  until(signal: AbortSignal): OpenStackClient {
    return new OpenStackClient(this.#session, this.#options, signal);
  }

  inProject(id: string): OpenStackClient {
    return new OpenStackClient(this.#session.inProject(id), this.#options, this.signal);
  }

  actingAs(credentials: Credentials): OpenStackClient {
    return new OpenStackClient(this.#session.actingAs(credentials), this.#options, this.signal);
  }

  /** Tries credentials other than the session's own. */
  async authenticate<T extends z.ZodType>(body: unknown, schema: T): Promise<z.output<T>> {
    const url = `${this.authUrl}/auth/tokens`;
    return readAs(schema, await send({ method: 'POST', url, body, signal: this.signal }, this.#options));
  }

  whoami(): Promise<Caller> {
    return this.#session.caller(this.signal);
  }

  has(service: ServiceName): Promise<boolean> {
    return this.#session.has(service, this.signal);
  }

  /** Types of services in the catalogue that this client has no name for. */
  otherServices(): Promise<string[]> {
    return this.#session.otherServices(this.signal);
  }

  async get<T extends z.ZodType>(
    service: ServiceName,
    path: string,
    schema: T,
    options: CallOptions = {},
  ): Promise<z.output<T>> {
    return readAs(schema, await this.#call(service, 'GET', path, undefined, options));
  }

  /** An answer that is text, as it came. */
  async text(service: ServiceName, path: string, options: CallOptions = {}): Promise<string> {
    const headers = { accept: 'text/plain', ...options.headers };
    return (await this.#call(service, 'GET', path, undefined, { ...options, headers })).text;
  }

  /**
   * Every item of a collection, page by page; with an empty key the answer is itself the list. An answer without it is no empty list:
   * what is not told is not gone.
   * @throws TandemError `cloud-answer-unreadable`
   */
  async list<T extends z.ZodType>(
    service: ServiceName,
    path: string,
    key: string,
    item: T,
    options: CallOptions = {},
  ): Promise<z.output<T>[]> {
    const page = key === '' ? z.array(item) : z.object({ [key]: z.array(item) }).transform((body) => body[key] ?? []);
    const items: z.output<T>[] = [];
    const seen = new Set<string>();
    for (let next: string | undefined = path; next !== undefined && !seen.has(next); ) {
      seen.add(next);
      const answer = await this.#call(service, 'GET', next, undefined, options);
      // Swift may say so of a container that holds nothing.
      if (answer.status === 204) break;
      items.push(...readAs(page, answer));
      next = nextPage(path, key, asMap(answer.body));
    }
    return items;
  }

  async post<T extends z.ZodType>(
    service: ServiceName,
    path: string,
    body: unknown,
    schema: T,
    options: CallOptions = {},
  ): Promise<z.output<T>> {
    return readAs(schema, await this.#call(service, 'POST', path, body, options));
  }

  async put(service: ServiceName, path: string, body?: unknown, options: CallOptions = {}): Promise<void> {
    await this.#call(service, 'PUT', path, body, options);
  }

  async patch(service: ServiceName, path: string, body: unknown, options: CallOptions = {}): Promise<void> {
    await this.#call(service, 'PATCH', path, body, options);
  }

  /** What is gone already counts as deleted: a repeated request may have been answered before. */
  async delete(service: ServiceName, path: string, options: CallOptions = {}): Promise<void> {
    await ifThere(() => this.#call(service, 'DELETE', path, undefined, options));
  }

  async #call(
    service: ServiceName,
    method: HttpRequest['method'],
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<HttpAnswer> {
    const base = await this.#base(service);
    const microversion = MICROVERSIONS[service];
    const attempt = async (): Promise<HttpAnswer> => {
      const token = await this.#session.token(this.signal);
      const headers = {
        'x-auth-token': token,
        ...(microversion === undefined ? {} : { 'openstack-api-version': microversion }),
        ...options.headers,
      };
      try {
        return await send({ method, url: `${base}${path}`, headers, body, signal: this.signal }, this.#options);
      } catch (error) {
        if (statusOf(error) === 401) this.#session.forget(token);
        throw error;
      }
    };
    try {
      return await attempt();
    } catch (error) {
      // A token may be revoked before its end; whoever refused it did nothing, so asking again is safe once.
      if (statusOf(error) !== 401) throw error;
      return await attempt();
    }
  }

  async #base(service: ServiceName): Promise<string> {
    // Keystone's own entry may be internal; the URL that credentials were sent to is known to work.
    if (service === 'identity') return this.#session.authUrl;
    const endpoint = await this.#session.endpoint(service, this.signal);
    const version = VERSION_PATHS[service];
    return version === undefined || /\/v\d+(\.\d+)?$/.test(endpoint) ? endpoint : `${endpoint}${version}`;
  }
}

/** Services link to the next page in three ways, with hosts that need not be reachable from here: only the query is taken. */
function nextPage(path: string, key: string, body: Readonly<Record<string, unknown>>): string | undefined {
  const href = linkIn(body[`${key}_links`]) ?? textOf(asMap(body['links'])['next']) ?? textOf(body['next']);
  if (href === undefined) return undefined;
  const query = /\?(.*)$/.exec(href)?.[1];
  return query === undefined ? undefined : `${path.replace(/\?.*$/, '')}?${query}`;
}

function linkIn(links: unknown): string | undefined {
  if (!Array.isArray(links)) return undefined;
  return textOf(links.map(asMap).find((link) => link['rel'] === 'next')?.['href']);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
