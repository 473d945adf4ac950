import type { ModelOptions } from '../../lib/aws-model/types.ts';
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { JsonObject } from './json.ts';
import { Identifiers } from './random.ts';
import type { Signer } from './wire/signature.ts';

/** A thing that exists in an account: what CloudFormation made, as it is now. */
export interface Resource {
  readonly type: string;
  readonly physicalId: string;
  /** What `Ref` gives; nearly always the physical id. */
  readonly ref: string;
  /** As last set through CloudFormation, or by hand behind its back. */
  properties: JsonObject;
  attributes: JsonObject;
}

/** Where a service keeps what it knows of one realm; each service makes its own on first use. */
export interface StoreKey<T> {
  readonly name: string;
  readonly create: (realm: Realm) => T;
}

/** One account in one Region. */
export class Realm {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  readonly resources = new Map<string, Resource>();
  readonly #stores = new Map<string, unknown>();

  constructor(world: World, account: string, region: string) {
    this.world = world;
    this.account = account;
    this.region = region;
  }

  store<T>(key: StoreKey<T>): T {
    if (!this.#stores.has(key.name)) this.#stores.set(key.name, key.create(this));
    return this.#stores.get(key.name) as T;
  }

  arn(service: string, rest: string, region = this.region): string {
    return `arn:aws:${service}:${region}:${this.account}:${rest}`;
  }

  find(type: string, physicalId: string): Resource | undefined {
    return this.resources.get(`${type} ${physicalId}`);
  }

  put(resource: Resource): Resource {
    this.resources.set(`${resource.type} ${resource.physicalId}`, resource);
    return resource;
  }

  remove(type: string, physicalId: string): void {
    this.resources.delete(`${type} ${physicalId}`);
  }

  ofType(type: string): Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }
}

export interface WorldOptions {
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly seed: string;
  /** How long one step of a stack operation takes, in milliseconds. */
  readonly stepMilliseconds: number;
  /** Of instances, groups and alarms: limits, quotas, times that things take. */
  readonly model: Omit<ModelOptions, 'now' | 'region' | 'account'>;
}

/** Everything that the endpoint knows: all accounts and Regions. */
export class World {
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly ids: Identifiers;
  readonly options: Pick<WorldOptions, 'seed' | 'model'>;
  /** Set when the endpoint stops. */
  closed = false;
  readonly stepMilliseconds: number;
  /** How the endpoint is reached: `http://127.0.0.1:4566`; known once it listens. */
  origin = 'http://127.0.0.1';
  readonly #realms = new Map<string, Realm>();
  readonly #globals = new Map<string, unknown>();
  readonly sessions = new Map<string, Signer>();
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.faults = options.faults;
    this.ids = new Identifiers(options.seed);
    this.stepMilliseconds = options.stepMilliseconds;
    this.options = options;
  }

  realm(account: string, region: string): Realm {
    const key = `${account}/${region}`;
    const found = this.#realms.get(key) ?? new Realm(this, account, region);
    this.#realms.set(key, found);
    return found;
  }

  realms(): readonly Realm[] {
    return [...this.#realms.values()];
  }

  /** What all accounts share: the names of buckets. */
  shared<T>(name: string, create: () => T): T {
    if (!this.#globals.has(name)) this.#globals.set(name, create());
    return this.#globals.get(name) as T;
  }

  /** Temporary keys of a role. */
  newSession(account: string, role: { readonly id: string; readonly name: string }, session: string, seconds: number) {
    const accessKeyId = `ASIALAB0${this.ids.suffix(12)}`;
    const secretAccessKey = this.ids.hex(40);
    const sessionToken = this.ids.hex(64);
    const expires = this.clock.now() + seconds * 1000;
    const userId = `${role.id}:${session}`;
    const arn = `arn:aws:sts::${account}:assumed-role/${role.name}/${session}`;
    const principal = { accessKeyId, account, arn, userId };
    this.sessions.set(accessKeyId, { principal, secretAccessKey, sessionToken, expires });
    return {
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expires).toISOString(),
    };
  }

  /** Runs when the endpoint stops. */
  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.#closers.map((close) => close()));
  }
}
