import { runInNewContext } from 'node:vm';
import type { TierInputs } from '../../../../lib/bring-up/component.ts';
import { mongodb } from '../../../../lib/components/mongodb/component.ts';
import type { MongodbSettings } from '../../../../lib/components/mongodb/settings.ts';

interface Member {
  readonly _id: number;
  readonly host: string;
  readonly votes: number;
  readonly priority: number;
}

interface Config {
  readonly _id: string;
  readonly version: number;
  readonly members: readonly Member[];
  readonly settings: { readonly electionTimeoutMillis: number };
}

const PASSWORD = 'password-of-the-administrator';

/**
 * What `mongosh` asks of a replica set, as MongoDB documents it: no command but those before the first user without authentication, one
 * voting member in or out a change, versions that grow, ids that stay.
 */
export class FakeReplicaSet {
  #config: Config | undefined;
  readonly users: string[] = [];
  defaultWriteConcern: unknown;
  /** The most members that came and went in one change. */
  changedAtOnce = 0;

  get members(): readonly Member[] {
    return this.#config?.members ?? [];
  }
  get version(): number {
    return this.#config?.version ?? 0;
  }
  get electionTimeoutMillis(): number | undefined {
    return this.#config?.settings.electionTimeoutMillis;
  }

  /** A connection: of the server itself, or with the administrator's name. */
  connect(uri: string): object {
    let authenticated = uri.includes(`administrator:${PASSWORD}@`);
    const database = {
      getSiblingDB: () => database,
      auth: (user: string, password: string) => {
        if (!this.users.includes(user) || password !== PASSWORD) throw failure('AuthenticationFailed');
        authenticated = true;
        return { ok: 1 };
      },
      hello: () => ({ isWritablePrimary: this.#config !== undefined }),
      createUser: ({ user }: { readonly user: string }) => {
        if (this.users.length > 0 && !authenticated) throw failure('Unauthorized');
        this.users.push(user);
      },
      runCommand: (command: Record<string, unknown>) => this.#run(command, authenticated || this.users.length === 0),
      adminCommand: (command: Record<string, unknown>) => this.#run(command, authenticated),
    };
    return database;
  }

  #run(command: Record<string, unknown>, allowed: boolean): unknown {
    if (!allowed) throw failure('Unauthorized');
    if ('replSetGetStatus' in command) {
      if (this.#config === undefined) throw failure('NotYetInitialized');
      return { ok: 1 };
    }
    if ('replSetInitiate' in command) {
      this.#config = { version: 1, ...copy(command['replSetInitiate'] as Omit<Config, 'version'>) };
      return { ok: 1 };
    }
    if ('replSetGetConfig' in command) return { ok: 1, config: copy(this.#config) };
    if ('replSetReconfig' in command) return this.#reconfigure(copy(command['replSetReconfig'] as Config));
    if ('setDefaultRWConcern' in command) {
      this.defaultWriteConcern = copy(command['defaultWriteConcern']);
      return { ok: 1 };
    }
    throw failure('CommandNotFound');
  }

  #reconfigure(next: Config): unknown {
    const before = new Map(this.members.map((member) => [member.host, member]));
    const came = next.members.filter(({ host }) => !before.has(host)).length;
    const left = this.members.filter(({ host }) => !next.members.some((member) => member.host === host)).length;
    const renumbered = next.members.some(({ host, _id }) => (before.get(host)?._id ?? _id) !== _id);
    if (came + left > 1 || renumbered || next.version <= this.version)
      throw failure('NewReplicaSetConfigurationIncompatible');
    this.changedAtOnce = Math.max(this.changedAtOnce, came + left);
    this.#config = next;
    return { ok: 1 };
  }
}

/** Runs the script that a tier's first server has. @returns its exit code */
export function runScript(inputs: TierInputs<MongodbSettings>, hosts: readonly string[], set: FakeReplicaSet): number {
  const values = mongodb.values(inputs);
  const script = mongodb.files(inputs).find(({ path }) => path.endsWith('mongodb-replica-set.js'))?.content ?? '';
  const text = script
    .replaceAll(/@\{peers\|[^|]*\|\*\|, \|[^}]*\}[^}]*\}/g, hosts.map((host) => `'${host}'`).join(', '))
    .replaceAll(/@\{value (\w+)\}/g, (_match, name: string) => String(values[name]));
  let code = 0;
  runInNewContext(text, {
    require: () => ({ readFileSync: () => `${PASSWORD}\n` }),
    connect: (uri: string) => set.connect(uri),
    sleep: () => undefined,
    print: () => undefined,
    quit: (status: number) => {
      code = status;
      throw failure('Quit');
    },
    encodeURIComponent,
  });
  return code;
}

function failure(codeName: string): Error {
  return Object.assign(new Error(codeName), { codeName });
}

function copy<T>(value: T): T {
  return structuredClone(value);
}
