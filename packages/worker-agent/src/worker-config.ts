import {
  command,
  type Fields,
  InvalidWorkerConfig,
  list,
  number,
  object,
  oneOf,
  optional,
  show,
  string,
} from './fields.ts';

/** Version of the contract between the cluster and its agents. */
const FORMAT = 'tandem.worker/2';

/** What does a job. `version` is shown in heartbeats, and given to jobs. */
export type Program =
  | { readonly kind: 'command'; readonly command: Command; readonly version: string }
  | {
      readonly kind: 'archive';
      /** A word that begins with `./`, and the first one where it is a relative path, is a path in the archive. */
      readonly command: Command;
      readonly version: string;
      readonly bucket: string;
      readonly key: string;
      /** Of the archive's bytes, in hexadecimal digits; without it, what is under the key, which is written once, is believed. */
      readonly sha256: string | undefined;
    }
  | {
      readonly kind: 'container';
      /** As the container knows it; what it is started with. */
      readonly command: Command;
      readonly version: string;
      /** By its digest. */
      readonly image: string;
      readonly engine: 'podman' | 'docker';
    };

export type Command = readonly [string, ...string[]];

export interface QueueConfig {
  readonly name: string;
  readonly url: string;
  /** Higher is asked first; queues of one priority in turn. */
  readonly priority: number;
  readonly visibilityTimeoutSeconds: number;
  /** Longest run of a job. */
  readonly timeoutSeconds: number;
  /** Deliveries after which SQS moves a job to the dead-letter queue. */
  readonly maximumReceives: number;
}

/** What the cluster tells its workers: `/etc/tandem/worker.json`, written from the cluster's parameter at each start. */
export interface WorkerConfig {
  readonly cluster: string;
  readonly region: string;
  readonly program: Program;
  /** Jobs at once. */
  readonly slots: number;
  /** Of a job, with all that it starts. */
  readonly limits: { readonly memoryMiB: number | undefined; readonly processes: number | undefined };
  readonly breaker: {
    /** Jobs in a row that failed here and nowhere else. */
    readonly consecutiveFailures: number;
    /** Last jobs that `failureShare` is a share of. */
    readonly window: number;
    readonly failureShare: number;
  };
  /** By falling priority. */
  readonly queues: readonly QueueConfig[];
  readonly bucket: string;
  readonly documentsPrefix: string;
  readonly resultsPrefix: string;
  readonly jobs: { readonly table: string };
  readonly heartbeats: { readonly table: string; readonly everySeconds: number; readonly lostAfterSeconds: number };
  readonly metrics: { readonly namespace: string };
  readonly logs: { readonly group: string };
  readonly group: string;
  readonly hooks: {
    readonly launching: string;
    readonly terminating: string;
    readonly terminatingHeartbeatSeconds: number;
  };
  /** How long jobs may go on after SIGTERM. */
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

/** @throws InvalidWorkerConfig that names the field, what it is and what it should be */
export function parseWorkerConfig(text: string): WorkerConfig {
  const all = object(parse(text), 'the worker configuration');
  if (all['format'] !== FORMAT)
    throw new InvalidWorkerConfig(`format is ${show(all['format'])}; this agent understands ${FORMAT}`);
  const [beats, hooks] = [object(all['heartbeats'], 'heartbeats'), object(all['hooks'], 'hooks')];
  const [protection, retry, limits] = [optional(all, 'protection'), optional(all, 'retry'), optional(all, 'limits')];
  const queues = list(all['queues'], 'queues').map(queue);
  return {
    cluster: string(all, 'cluster'),
    region: string(all, 'region'),
    program: program(object(all['program'], 'program')),
    slots: Math.max(1, number(all, 'slots', 1)),
    limits: { memoryMiB: limit(limits, 'memoryMiB'), processes: limit(limits, 'processes') },
    breaker: parseBreaker(optional(all, 'breaker')),
    queues: queues.sort((a, b) => b.priority - a.priority),
    bucket: string(all, 'bucket'),
    documentsPrefix: string(all, 'documentsPrefix'),
    resultsPrefix: string(all, 'resultsPrefix'),
    jobs: { table: string(object(all['jobs'], 'jobs'), 'table') },
    heartbeats: {
      table: string(beats, 'table'),
      everySeconds: number(beats, 'everySeconds', 15),
      lostAfterSeconds: number(beats, 'lostAfterSeconds', 45),
    },
    metrics: { namespace: string(object(all['metrics'], 'metrics'), 'namespace') },
    logs: { group: string({ group: `/tandem/${string(all, 'cluster')}/workers`, ...optional(all, 'logs') }, 'group') },
    group: string(all, 'group'),
    hooks: {
      launching: string(hooks, 'launching'),
      terminating: string(hooks, 'terminating'),
      terminatingHeartbeatSeconds: number(hooks, 'terminatingHeartbeatSeconds', 300),
    },
    drainSeconds: number(all, 'drainSeconds', Math.max(...queues.map(({ timeoutSeconds }) => timeoutSeconds))),
    onRebalance: oneOf(all, 'onRebalance', ['ignore', 'drain'], 'ignore'),
    protection: {
      afterSeconds: number(protection, 'afterSeconds', 30),
      idleSeconds: number(protection, 'idleSeconds', 60),
      collectSeconds: number(protection, 'collectSeconds', 5),
    },
    retry: { firstSeconds: number(retry, 'firstSeconds', 10), mostSeconds: number(retry, 'mostSeconds', 600) },
    pollSeconds: number(all, 'pollSeconds', 5),
  };
}

export function parseBreaker(fields: Fields): WorkerConfig['breaker'] {
  return {
    consecutiveFailures: number(fields, 'consecutiveFailures', 5),
    window: number(fields, 'window', 20),
    failureShare: number(fields, 'failureShare', 0.8),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidWorkerConfig(
      'the worker configuration is no JSON; it comes from the SSM parameter of the cluster',
    );
  }
}

function program(fields: Fields): Program {
  const kind = oneOf(fields, 'kind', ['command', 'archive', 'container']);
  const shared = { command: command(fields['command']), version: string(fields, 'version') };
  switch (kind) {
    case 'command':
      return { kind, ...shared };
    case 'archive':
      return {
        ...{ kind, ...shared, bucket: string(fields, 'bucket'), key: string(fields, 'key') },
        sha256: fields['sha256'] === undefined ? undefined : string(fields, 'sha256').toLowerCase(),
      };
    case 'container':
      return {
        ...{ kind, ...shared, image: string(fields, 'image') },
        engine: oneOf(fields, 'engine', ['podman', 'docker'], 'podman'),
      };
  }
}

function queue(value: unknown): QueueConfig {
  const fields = object(value, 'a queue');
  return {
    name: string(fields, 'name'),
    url: string(fields, 'url'),
    priority: number(fields, 'priority', 1),
    visibilityTimeoutSeconds: number(fields, 'visibilityTimeoutSeconds'),
    timeoutSeconds: number(fields, 'timeoutSeconds'),
    maximumReceives: number(fields, 'maximumReceives', 5),
  };
}

function limit(fields: Fields, name: string): number | undefined {
  return fields[name] === undefined || fields[name] === null ? undefined : number(fields, name);
}
