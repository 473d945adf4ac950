import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { stackIdSchema } from '../stack/id.ts';
import { duration } from '../text/duration.ts';
import { stateLocked } from './errors.ts';
import { isRunning } from './process.ts';

/** Format `tandem.lock/1`: who holds a stack. */
export const lockSchema = z.strictObject({
  format: z.literal('tandem.lock/1'),
  stack: stackIdSchema,
  /** `user@host`. */
  owner: z.string(),
  host: z.string(),
  processId: z.int(),
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  processStarted: z.string().default(''),
  /** What the holder does, e.g. `env create`. */
  verb: z.string(),
  operation: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
});

export type Lock = z.output<typeof lockSchema>;
export type LockRequest = Omit<Lock, 'format' | 'since'>;

export interface LockOptions {
  /** How long to wait for another holder, in seconds. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
  /** Told once, before waiting begins. */
  readonly onWait?: (holder: Lock) => void;
}

export interface HeldLock {
  release(): Promise<void>;
  /** The holder before, where its process no longer exists on this host, and the lock was taken from it. */
  readonly tookOver: Lock | undefined;
}

/** One holder a stack. A lock is never broken by age alone: `tandem unlock` does it, by hand, naming the holder. */
export interface LockStore {
  /** @throws TandemError `state-locked` naming owner, host, verb and age. A dead process on this host does not count as a holder. */
  acquire(request: LockRequest, options?: LockOptions): Promise<HeldLock>;
  read(stack: string): Promise<Lock | undefined>;
  list(): Promise<readonly Lock[]>;
  break(stack: string): Promise<Lock | undefined>;
}

/** One attempt at a lock: it is ours, with what we took it over from, or somebody else's. */
export type Attempt =
  | { readonly held: true; readonly tookOver: Lock | undefined }
  | { readonly held: false; readonly holder: Lock };

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/** Tries until the lock is ours, or the time to wait is over. The same in every store. */
export async function acquireByTrying(
  attempt: () => Promise<Attempt>,
  { waitSeconds = 0, signal, onWait }: LockOptions = {},
): Promise<{ readonly tookOver: Lock | undefined }> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (let pause = FIRST_PAUSE, told = false; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if (outcome.held) return { tookOver: outcome.tookOver };
    const left = deadline - performance.now();
    if (left <= 0) throw stateLocked({ ...outcome.holder, age: ageOf(outcome.holder) });
    if (!told) onWait?.(outcome.holder);
    told = true;
    await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal });
  }
}

/** A process that has ended on this host holds nothing. Other hosts cannot be asked. */
export function isDeadHere(holder: Lock, host: string): boolean {
  return holder.host === host && !isRunning(holder);
}

/** How long a lock has been held, in words. */
export function ageOf(lock: Pick<Lock, 'since'>, now = Date.now()): string {
  return duration((now - Date.parse(lock.since)) / 1000);
}
