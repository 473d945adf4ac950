import { z } from 'zod';
import type { OperationPorts } from '../deploy/ports.ts';
import type { Described } from '../text/described.ts';
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

const count = z.int().min(0);

/** How far an operation is. */
export const progressSchema = z.strictObject({
  at: z.number(),
  /** From 0. */
  stage: count,
  stages: count,
  waiting: count,
  draining: count,
  /** Rebooting, or waiting for another in its place. */
  down: count,
  done: count,
  failed: count,
  gone: count,
  /** Machines of the group that take or do jobs, and how many it should have. */
  serving: count,
  desired: count,
  /** Why nothing more is begun. */
  pause: z.string().optional(),
});

export type FleetProgress = Described<typeof progressSchema>;

export interface CallCounts {
  readonly made: Readonly<Partial<Record<Api, number>>>;
  readonly throttled: number;
}

/** What became of an operation: every chosen machine is in it. */
export interface FleetOutcome {
  readonly operation: string;
  readonly seconds: number;
  readonly machines: readonly Tracked[];
  readonly done: number;
  readonly failed: number;
  readonly gone: number;
  readonly calls: CallCounts;
}
