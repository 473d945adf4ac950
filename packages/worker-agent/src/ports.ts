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

/** One delivery of a job. */
export interface Delivery {
  readonly messageId: string;
  readonly body: string;
  /** How often it was delivered, this one included. */
  readonly receives: number;
}

/** `done` takes the job from the queue; otherwise it comes back after so many seconds, and none is fetched in its place before. */
export type Settlement =
  | { readonly done: true }
  | { readonly done: false; readonly retrySeconds: number; readonly notBefore?: Promise<unknown> };

/**
 * Settles a delivery, and never rejects. It calls `next` where the next job may be fetched before this one is settled: at most one
 * is, and handled beside it.
 */
export type Handler = (delivery: Delivery, next: () => void) => Promise<Settlement>;

export interface JobQueue {
  /** Takes jobs one after the other, and keeps each hidden from others until `handle` has settled it. */
  consume(handle: Handler): Consumption;
}

export interface Consumption {
  /** Takes no more; resolves when what was taken is settled. */
  stop(): Promise<void>;
}

export interface ResultStore {
  has(key: string): Promise<boolean>;
  /** Writes the content of a file unless the key is there; of several writers, one writes. */
  putOnce(key: string, file: string): Promise<'written' | 'exists'>;
}

export type AgentState = 'starting' | 'warm' | 'idle' | 'busy' | 'draining' | 'drained';

export interface Heartbeat {
  readonly instanceId: string;
  /** ISO 8601. */
  readonly at: string;
  /** The job under way. */
  readonly job: string | undefined;
  readonly version: string;
  readonly state: AgentState;
}

export type Protection = 'protect' | 'release';

export interface HeartbeatTable {
  put(heartbeat: Heartbeat): Promise<void>;
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
  complete(hook: string, instanceId: string): Promise<HookAnswer>;
  /** Asks a hook for more time. */
  prolong(hook: string, instanceId: string): Promise<HookAnswer>;
  /** At most 50 instances; `refused` if one of them is not the group's, or not in service: then none was changed. */
  setProtection(instanceIds: readonly string[], protection: Protection): Promise<'done' | 'refused'>;
}

export interface ProcessSpec {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdinFile: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly timeoutMs: number;
  /** Ends the process and everything that it started. */
  readonly stop: AbortSignal;
}

export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly why: string };

export interface ProcessRunner {
  run(spec: ProcessSpec): Promise<ProcessEnd>;
}

export interface Ports {
  readonly clock: Clock;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
  readonly metadata: Metadata;
  readonly queue: JobQueue;
  readonly results: ResultStore;
  readonly table: HeartbeatTable;
  readonly group: FleetGroup;
  readonly processes: ProcessRunner;
}
