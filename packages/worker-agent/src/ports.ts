/** What the agent reaches outside itself. Each port has one real adapter in `adapters/` and a fake that passes the same contract. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The instance metadata service, version 2 only. */
export interface Metadata {
  /** The value at a path below `/latest/`; undefined where there is none. */
  get(path: string): Promise<string | undefined>;
}

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** How often it was delivered, this time included. */
  readonly receives: number;
  /** How often it was sent anew before. */
  readonly anew: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number | undefined;
  /** Of this delivery. */
  readonly receipt: string;
}

export interface JobQueue {
  /** A message, or undefined if there is none within so many seconds, or if the signal is aborted before. */
  receive(waitSeconds: number, signal: AbortSignal): Promise<QueueMessage | undefined>;
  /** Hides it from others for so many seconds from now; zero shows it. */
  hide(message: QueueMessage, seconds: number): Promise<void>;
  delete(message: QueueMessage): Promise<void>;
  /** Sends a copy whose deliveries count from zero, then deletes the message. */
  sendAnew(message: QueueMessage, delaySeconds: number): Promise<void>;
}

export interface ResultStore {
  has(key: string): Promise<boolean>;
  /** Writes the content of a file, of any size, unless the key is there; of several writers, one writes. */
  putOnce(key: string, file: string): Promise<'written' | 'exists'>;
}

export interface Downloads {
  /** Writes an object into a file. @throws MissingObject where there is none, or none that may be read */
  fetch(bucket: string, key: string, file: string): Promise<void>;
}

export class MissingObject extends Error {
  override readonly name = 'MissingObject';
}

/** What is noted of a job beside its result. */
export interface JobStart {
  readonly id: string;
  readonly queue: string;
  readonly instanceId: string;
  readonly receives: number;
  readonly sentAt: number | undefined;
}

export interface JobEnd extends JobStart {
  /** `queued`: it failed, and comes back. `cancelled`: somebody cancelled it, and now it runs no more. */
  readonly state: 'done' | 'failed' | 'queued' | 'cancelled';
  readonly reason?: string;
  /** Whether it failed by itself on this machine, not by being given back. */
  readonly failedHere?: boolean;
}

export interface JobStates {
  /** Notes that it runs. */
  begin(job: JobStart): Promise<{ readonly cancelled: boolean; readonly failedOn: readonly string[] }>;
  /** Whether somebody cancelled it since it began. */
  isCancelled(id: string): Promise<boolean>;
  /** Notes how it ended, unless it was cancelled meanwhile. */
  end(job: JobEnd): Promise<void>;
}

export type AgentState = 'starting' | 'warm' | 'idle' | 'busy' | 'draining' | 'drained' | 'broken';

export interface Heartbeat {
  readonly instanceId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly state: AgentState;
  /** Under way; `since` in ISO 8601. */
  readonly jobs: readonly { readonly id: string; readonly queue: string; readonly since: string }[];
  readonly version: string;
  /** Version of the program that does the jobs. */
  readonly program: string;
  /** Jobs in a row that failed on this machine and nowhere else. */
  readonly failures: number;
  /** Of the last jobs, as many as the breaker's window has. */
  readonly finished: number;
  readonly failed: number;
  /** Why it is broken. */
  readonly reason: string | undefined;
}

/** What another machine says of itself. */
export type Peer = Pick<Heartbeat, 'instanceId' | 'at' | 'state' | 'failures' | 'finished' | 'failed'>;

export type Protection = 'protect' | 'release';

export interface HeartbeatTable {
  put(heartbeat: Heartbeat): Promise<void>;
  /** The last heartbeats of all machines, also of such that are gone: an hour back. */
  peers(): Promise<readonly Peer[]>;
  /**
   * Leaves a wish on the board that all agents of the cluster share. True if this agent is to carry out the board's wishes: it has
   * until `untilMs` from now, then somebody else may.
   */
  wish(instanceId: string, protection: Protection, untilMs: number): Promise<boolean>;
  /** Takes all wishes from the board, once: of several takers, one gets them. */
  takeWishes(): Promise<Readonly<Record<Protection, readonly string[]>>>;
}

export type HookAnswer = 'done' | 'no-such-action';

export interface FleetGroup {
  complete(hook: string, instanceId: string, result: 'CONTINUE' | 'ABANDON'): Promise<HookAnswer>;
  /** Asks a hook for more time. */
  prolong(hook: string, instanceId: string): Promise<HookAnswer>;
  /** At most 50 instances; `refused` if one of them is not the group's, or not in service: then none was changed. */
  setProtection(instanceIds: readonly string[], protection: Protection): Promise<'done' | 'refused'>;
  /** The group replaces the instance. `refused` if it is none of the group's, or going already. */
  setUnhealthy(instanceId: string): Promise<'done' | 'refused'>;
}

export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly queue?: string;
  /** Value to how often it was observed. */
  readonly values: ReadonlyMap<number, number>;
}

export interface MetricSink {
  put(metrics: readonly Metric[]): Promise<void>;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

export interface LogSink {
  put(lines: readonly LogLine[]): Promise<void>;
}

export interface ProcessSpec {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdinFile: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly timeoutMs: number;
  readonly limits?: { readonly memoryMiB: number | undefined; readonly processes: number | undefined };
  /** Run after the command, however it ended: ends what runs elsewhere for it, as a container does. */
  readonly cleanup?: readonly string[];
  /** Ends the process and everything that it started. */
  readonly stop: AbortSignal;
}

export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly why: string };

export interface ProcessRunner {
  /** When it resolves, nothing runs any more that the command started. */
  run(spec: ProcessSpec): Promise<ProcessEnd>;
}

export interface Ports {
  readonly clock: Clock;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
  readonly metadata: Metadata;
  /** By name. */
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly results: ResultStore;
  readonly downloads: Downloads;
  readonly states: JobStates;
  readonly table: HeartbeatTable;
  readonly group: FleetGroup;
  readonly metrics: MetricSink;
  readonly processes: ProcessRunner;
}
