import { z } from 'zod';
import type { CloudAccess } from './clouds-yaml.ts';
import type { Credentials } from './credentials.ts';
import { noSuchService } from './errors.ts';
import { type HttpOptions, readAs, send } from './http.ts';

/** Service types of the catalogue, with the other names that clouds use for them. */
const SERVICES = {
  identity: ['identity'],
  compute: ['compute'],
  network: ['network'],
  volume: ['block-storage', 'volumev3', 'block-store'],
  image: ['image'],
  placement: ['placement'],
  balancer: ['load-balancer'],
  dns: ['dns'],
  secrets: ['key-manager'],
  orchestration: ['orchestration'],
  containers: ['container-infrastructure-management', 'container-infra'],
  database: ['database'],
  share: ['shared-file-system', 'sharev2'],
  objects: ['object-store'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ServiceName = keyof typeof SERVICES;

const named = z.object({ id: z.string(), name: z.string() });
const tokenSchema = z.object({
  token: z.object({
    expires_at: z.string(),
    user: named,
    project: named.optional(),
    roles: z.array(z.object({ name: z.string() })).default([]),
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(
            z.object({
              interface: z.string(),
              region_id: z.string().nullish(),
              region: z.string().nullish(),
              url: z.string(),
            }),
          ),
        }),
      )
      .default([]),
  }),
});

export interface Caller {
  readonly user: { readonly id: string; readonly name: string };
  /** Undefined for a token without a project. */
  readonly project: { readonly id: string; readonly name: string } | undefined;
  readonly roles: readonly string[];
}

interface Token {
  readonly value: string;
  readonly expiresAt: number;
  readonly caller: Caller;
  readonly catalog: z.output<typeof tokenSchema>['token']['catalog'];
}

/** Tokens are asked for anew this long before they end, so that none ends on its way. */
const MARGIN_MILLISECONDS = 120_000;

/** A token, fetched once and used until shortly before its end, and the endpoints that came with it. */
export class Session {
  readonly #access: CloudAccess;
  readonly #credentials: Credentials;
  readonly #options: HttpOptions;
  readonly #now: () => number;
  #token: Promise<Token> | undefined;
  /** What ends the request for it. */
  #until: AbortSignal | undefined;

  constructor(
    access: CloudAccess,
    options: HttpOptions,
    credentials: Credentials = access.credentials,
    now: () => number = Date.now,
  ) {
    this.#access = access;
    this.#credentials = credentials;
    this.#options = options;
    this.#now = now;
  }

  get authUrl(): string {
    return this.#credentials.authUrl;
  }

  /** The same identity in another project. Only a password or a token can; see `Credentials.isRescopable`. */
  inProject(id: string): Session {
    return new Session(this.#access, this.#options, this.#credentials.scopedTo({ id }), this.#now);
  }

  /** Somebody else on the same cloud. */
  actingAs(credentials: Credentials): Session {
    return new Session(this.#access, this.#options, credentials, this.#now);
  }

  get isRescopable(): boolean {
    return this.#credentials.isRescopable;
  }

  async caller(signal?: AbortSignal): Promise<Caller> {
    return (await this.#valid(signal)).caller;
  }

  async token(signal?: AbortSignal): Promise<string> {
    return (await this.#valid(signal)).value;
  }

  /** Drops a token that a service refused, unless somebody else already did. */
  forget(token: string): void {
    const current = this.#token;
    void current?.then(
      ({ value }) => {
        if (value === token && this.#token === current) this.#token = undefined;
      },
      () => undefined,
    );
  }

  /** URL of a service, without a final slash. @throws TandemError `no-such-service` */
  async endpoint(service: ServiceName, signal?: AbortSignal): Promise<string> {
    const { catalog } = await this.#valid(signal);
    const region = this.#access.region;
    for (const type of SERVICES[service]) {
      for (const entry of catalog.filter((each) => each.type === type)) {
        const endpoint = entry.endpoints.find(
          (each) =>
            each.interface === this.#access.interface &&
            (region === undefined || (each.region_id ?? each.region) === region),
        );
        if (endpoint !== undefined) return endpoint.url.replace(/\/+$/, '');
      }
    }
    throw noSuchService(this.#options.cloud, SERVICES[service][0], region);
  }

  /** Whether the catalogue has the service at all: clouds without Designate or Octavia are clouds too. */
  async has(service: ServiceName, signal?: AbortSignal): Promise<boolean> {
    const { catalog } = await this.#valid(signal);
    return catalog.some((entry) => (SERVICES[service] as readonly string[]).includes(entry.type));
  }

  /** Types of all services in the catalogue that are none of these. */
  async otherServices(signal?: AbortSignal): Promise<string[]> {
    const known = new Set<string>(Object.values(SERVICES).flat());
    const { catalog } = await this.#valid(signal);
    return [...new Set(catalog.map(({ type }) => type))].filter((type) => !known.has(type)).sort();
  }

  async #valid(signal: AbortSignal | undefined): Promise<Token> {
    const held = await this.#token?.catch(() => undefined);
    if (held !== undefined && held.expiresAt - MARGIN_MILLISECONDS > this.#now()) return held;
    // Many requests start at once; they share one authentication.
    if (held !== undefined || this.#token === undefined) {
      this.#token = this.#authenticate(signal);
      this.#until = signal;
    }
    const [fetched, until] = [this.#token, this.#until];
    fetched.catch(() => {
      if (this.#token === fetched) this.#token = undefined;
    });
    try {
      return await fetched;
    } catch (error) {
      // Whoever began it was asked to stop; the others were not.
      if (until?.aborted !== true || signal?.aborted === true || signal === until) throw error;
      return await this.#valid(signal);
    }
  }

  async #authenticate(signal: AbortSignal | undefined): Promise<Token> {
    const url = `${this.#credentials.authUrl}/auth/tokens`;
    const answer = await send({ method: 'POST', url, body: this.#credentials.request(), signal }, this.#options);
    const { token } = readAs(tokenSchema, answer);
    return {
      value: answer.headers.get('x-subject-token') ?? '',
      expiresAt: Date.parse(token.expires_at),
      caller: { user: token.user, project: token.project, roles: token.roles.map((role) => role.name) },
      catalog: token.catalog,
    };
  }
}
