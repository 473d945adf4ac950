/** What the cluster tells its workers: `/run/tandem/worker.json`, written from the cluster's parameter at each start. */
export interface WorkerConfig {
  readonly cluster: string;
  readonly region: string;
  readonly command: readonly [string, ...string[]];
  readonly timeoutSeconds: number;
  readonly queueUrl: string;
  readonly visibilityTimeoutSeconds: number;
  readonly bucket: string;
  readonly documentsPrefix: string;
  readonly resultsPrefix: string;
  readonly heartbeats: { readonly table: string; readonly everySeconds: number };
  readonly group: string;
  readonly hooks: {
    readonly launching: string;
    readonly terminating: string;
    readonly terminatingHeartbeatSeconds: number;
  };
  /** How long a job may go on after SIGTERM. */
  readonly drainSeconds: number;
  /** What a rebalance recommendation does; by default the group's own capacity rebalancing acts on it, and the hook drains. */
  readonly onRebalance: 'ignore' | 'drain';
  readonly protection: {
    /** A job that runs for so long is worth protecting; shorter ones end within a drain. */
    readonly afterSeconds: number;
    /** Idle time after which protection ends. */
    readonly idleSeconds: number;
    /** How long wishes of all agents are collected before they are carried out together. */
    readonly collectSeconds: number;
  };
  readonly retry: { readonly firstSeconds: number; readonly mostSeconds: number };
  /** How often the metadata service is asked for notices. */
  readonly pollSeconds: number;
}

export class InvalidWorkerConfig extends Error {
  override readonly name = 'InvalidWorkerConfig';
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws InvalidWorkerConfig that names the field, what it is and what it should be */
export function parseWorkerConfig(text: string): WorkerConfig {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new InvalidWorkerConfig(
      'the worker configuration is no JSON; it comes from the SSM parameter of the cluster',
    );
  }
  const all = object(content, 'the worker configuration');
  if (all['format'] !== 'tandem.worker/1')
    throw new InvalidWorkerConfig(`format is ${show(all['format'])}; this agent understands tandem.worker/1`);
  const [beats, hooks] = [object(all['heartbeats'], 'heartbeats'), object(all['hooks'], 'hooks')];
  const [protection, retry] = [optional(all, 'protection'), optional(all, 'retry')];
  const timeoutSeconds = number(all, 'timeoutSeconds');
  return {
    cluster: string(all, 'cluster'),
    region: string(all, 'region'),
    command: command(all['command']),
    timeoutSeconds,
    queueUrl: string(all, 'queueUrl'),
    visibilityTimeoutSeconds: number(all, 'visibilityTimeoutSeconds'),
    bucket: string(all, 'bucket'),
    documentsPrefix: string(all, 'documentsPrefix'),
    resultsPrefix: string(all, 'resultsPrefix'),
    heartbeats: { table: string(beats, 'table'), everySeconds: number(beats, 'everySeconds', 15) },
    group: string(all, 'group'),
    hooks: {
      launching: string(hooks, 'launching'),
      terminating: string(hooks, 'terminating'),
      terminatingHeartbeatSeconds: number(hooks, 'terminatingHeartbeatSeconds', 300),
    },
    drainSeconds: number(all, 'drainSeconds', timeoutSeconds),
    onRebalance: all['onRebalance'] === 'drain' ? 'drain' : 'ignore',
    protection: {
      afterSeconds: number(protection, 'afterSeconds', 30),
      idleSeconds: number(protection, 'idleSeconds', 60),
      collectSeconds: number(protection, 'collectSeconds', 5),
    },
    retry: { firstSeconds: number(retry, 'firstSeconds', 10), mostSeconds: number(retry, 'mostSeconds', 600) },
    pollSeconds: number(all, 'pollSeconds', 5),
  };
}

function command(value: unknown): readonly [string, ...string[]] {
  const words = Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
  const [program, ...args] = words;
  if (program === undefined || !Array.isArray(value) || words.length !== value.length)
    throw new InvalidWorkerConfig(`command is ${show(value)}; it should be a list: a program and its arguments`);
  return [program, ...args];
}

function object(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be an object`);
}

const optional = (all: Fields, name: string): Fields => object(all[name] ?? {}, name);

function string(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be a text`);
}

function number(fields: Fields, name: string, otherwise?: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidWorkerConfig(`${name} is ${show(value)}; it should be a number, zero or more`);
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}
