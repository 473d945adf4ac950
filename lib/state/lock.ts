import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { stackIdSchema } from '../stack/id.ts';
import { duration } from '../text/duration.ts';
import type { Broken } from './broken.ts';
import type { Fence } from './cells.ts';
import { stateLocked } from './errors.ts';
import { hasEnded, type ProcessIdentity } from './process.ts';

/** Format `tandem.lock/2`: who holds a stack. `tandem.lock/1` had neither token nor machine. */
export const lockSchema = z.strictObject({
  format: z.enum(['tandem.lock/1', 'tandem.lock/2']),
  stack: stackIdSchema,
  /** `user@host`. */
  owner: z.string(),
  host: z.string(),
  /** `ProcessIdentity`; empty where the system does not say. */
  machineId: z.string().default(''),
  bootId: z.string().default(''),
  pidNamespace: z.string().default(''),
  processId: z.int(),
  processStarted: z.string().default(''),
  /** What the holder does, e.g. `env create`. */
  verb: z.string(),
  operation: z.string(),
  /** Grows with each acquisition of this stack. */
  token: z.int().default(0),
  /** ISO 8601, UTC. */
  since: z.string(),
});

export type Lock = z.output<typeof lockSchema>;
export type LockRequest = Omit<Lock, 'format' | 'since' | 'token' | keyof ProcessIdentity> & ProcessIdentity;

export interface LockOptions {
  /** How long to wait for another holder, in seconds. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
  /** Told once, before waiting begins. */
  readonly onWait?: (holder: Lock) => void;
}

export interface HeldLock {
  readonly stack: string;
  /** Greater than that of every acquisition of this stack before it. */
  readonly token: number;
  /** What makes a write depend on this lock. */
  readonly fence: Fence;
  /** Asks the store. @throws TandemError `lock-lost` where somebody released or took it */
  assertHeld(): Promise<void>;
  /** May be called again; leaves alone what another holds by now. */
  release(): Promise<void>;
}

/** One holder a stack. A lock is never broken by age alone: `tandem unlock` does it, by hand, naming the holder. */
export interface LockStore {
  /**
   * A process that certainly ended does not count as a holder.
   * @throws TandemError `state-locked` naming owner, host, verb and age; `broken-state-file`
   */
  acquire(request: LockRequest, options?: LockOptions): Promise<HeldLock>;
  /** @throws TandemError `broken-state-file` */
  read(stack: string): Promise<Lock | undefined>;
  /** Those that can be read; `onBroken` is told of others. */
  list(): Promise<readonly Lock[]>;
  broken(): Promise<readonly Broken[]>;
  /**
   * Releases it in place of its holder, also one that cannot be read. Undefined where nobody held it, or nobody can say who.
   * @param by - `user@host`
   * @param copies - Local folder that gets what is no text, or the lock of no stack. @default - such a thing is an error
   */
  break(stack: string, by: string, copies?: string): Promise<Lock | undefined>;
}

/** One attempt at a lock: it is ours, or somebody else's. */
export type Attempt =
  | { readonly held: true; readonly lock: HeldLock }
  | { readonly held: false; readonly holder: Lock };

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/** Tries until the lock is ours, or the time to wait is over. */
export async function acquireByTrying(
  attempt: () => Promise<Attempt>,
  { waitSeconds = 0, signal, onWait }: LockOptions = {},
): Promise<HeldLock> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (let pause = FIRST_PAUSE, told = false; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if (outcome.held) return outcome.lock;
    const left = deadline - performance.now();
    if (left <= 0) throw stateLocked({ ...outcome.holder, age: ageOf(outcome.holder) });
    if (!told) onWait?.(outcome.holder);
    told = true;
    await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal });
  }
}

/** How often a write is tried over what others wrote meanwhile. */
const ATTEMPTS = 50;

/** Tries to write until it is done, while the locks are held. @param attempt false where a lock was lost or somebody was quicker */
export async function writeUnder(locks: readonly HeldLock[], attempt: () => Promise<boolean>): Promise<void> {
  for (let left = ATTEMPTS; left > 0; left -= 1) {
    if (await attempt()) return;
    await Promise.all(locks.map((lock) => lock.assertHeld()));
  }
  throw new Error(`a write under ${locks.map((lock) => lock.stack).join(', ')} is refused although the locks are held`);
}

/** A process that has ended on this host holds nothing. Other hosts, other containers and older formats cannot be asked. */
export function isDeadHere(holder: Lock, host: string): boolean {
  return holder.host === host && hasEnded(holder);
}

/** How long a lock has been held, in words. */
export function ageOf(lock: Pick<Lock, 'since'>): string {
  return duration((Date.now() - Date.parse(lock.since)) / 1000);
}
