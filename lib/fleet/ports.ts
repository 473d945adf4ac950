import type { OperationPorts } from '../deploy/ports.ts';
import type { Api, FleetCloud } from './cloud.ts';
import type { SharedLedger } from './shared-ledger.ts';
import type { Tracked } from './track.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, where the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Everything through which an operation on a fleet reaches the world. */
export interface FleetPorts extends OperationPorts {
  readonly cloud: FleetCloud;
  readonly ledger: SharedLedger;
  readonly clock: Clock;
}

/** How far an operation is. */
export interface FleetProgress {
  readonly at: number;
  /** From 0. */
  readonly stage: number;
  readonly stages: number;
  readonly waiting: number;
  readonly draining: number;
  /** Rebooting, or waiting for another in its place. */
  readonly down: number;
  readonly done: number;
  readonly failed: number;
  readonly gone: number;
  /** Machines of the group that take or do jobs, and how many it should have. */
  readonly serving: number;
  readonly desired: number;
  /** Why nothing more is begun. */
  readonly pause?: string | undefined;
}

export interface CallCounts {
  readonly made: Readonly<Partial<Record<Api, number>>>;
  readonly throttled: number;
}

/** What became of an operation: every chosen machine is in it. */
export interface FleetReport {
  readonly operation: string;
  readonly seconds: number;
  readonly machines: readonly Tracked[];
  readonly done: number;
  readonly failed: number;
  readonly gone: number;
  readonly calls: CallCounts;
}
