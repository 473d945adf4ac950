import type { Lease } from '../config/schema/lease.ts';
import { duration } from '../text/duration.ts';
import { endOf } from './duration.ts';

/** Hours that an expired environment stays stopped before a later run may delete it: long enough for its owner to extend it after a weekend. */
export const GRACE_HOURS = 72;

/** Operations that stopping an environment goes on with, or overtakes. */
const FINISHED_BY_STOPPING: readonly string[] = ['env extend', 'env freeze', 'env thaw'];

export interface ReapCandidate {
  readonly name: string;
  readonly lease: Pick<Lease, 'owner' | 'until' | 'state' | 'protected' | 'askedUntil'>;
  /** Since when it has been frozen; undefined where it is not, or nobody knows. */
  readonly stoppedAt: Date | undefined;
  /** The verb that was interrupted on it; undefined where nothing is unfinished. */
  readonly unfinished?: string | undefined;
  /** When it was last changed: created, thawed, extended; undefined where nobody knows. */
  readonly activeSince?: Date | undefined;
  /** When the hours in which it may run were over; undefined where they are not, or it has none. */
  readonly hoursOver?: Date | undefined;
  /** Since when nothing works in it, and how long that may last; undefined where that is not asked, or not known. */
  readonly idle?: { readonly since: Date; readonly hours: number } | undefined;
  /** Thresholds, in minutes, of which its owner was warned. */
  readonly warned: readonly number[];
}

/** What the reaper does with one lease, and why. */
export interface ReapAction {
  readonly name: string;
  readonly owner: string;
  readonly action: 'nothing' | 'warn' | 'stop' | 'wait' | 'delete' | 'spare';
  readonly reason: string;
  /** Of a warning: which one it is, in minutes before the end. */
  readonly threshold?: number | undefined;
}

/**
 * Warns once at each threshold, stops at the end, and deletes only what is stopped and whose grace is over. Pure. What an owner froze
 * and let expire is stopped already; its grace begins with the end of the lease.
 */
export function planReap(
  candidates: readonly ReapCandidate[],
  warnBeforeMinutes: readonly number[],
  now: Date,
): ReapAction[] {
  return candidates.map((candidate) => {
    const { name, lease } = candidate;
    const { reason, ...decided } = decide(candidate, warnBeforeMinutes, now);
    const asked = lease.askedUntil === undefined ? '' : `; an extension until ${lease.askedUntil} waits for an answer`;
    return { name, owner: lease.owner, ...decided, reason: `${reason}${asked}` };
  });
}

function decide(
  candidate: ReapCandidate,
  warnBeforeMinutes: readonly number[],
  now: Date,
): Pick<ReapAction, 'action' | 'reason' | 'threshold'> {
  const { lease, stoppedAt, unfinished, warned } = candidate;
  const left = endOf(lease.until).getTime() - now.getTime();
  const why = left > 0 ? whyStopped(candidate, now) : undefined;
  if (why !== undefined) return { action: 'stop', reason: why };
  if (left > 0) {
    const due = warnBeforeMinutes.filter((minutes) => left <= minutes * 60_000);
    if (due.length === 0) return { action: 'nothing', reason: `ends in ${duration(left / 1000)}` };
    if (lease.protected) return { action: 'spare', reason: `ends in ${duration(left / 1000)}; protected` };
    const threshold = Math.min(...due);
    if (warned.includes(threshold))
      return { action: 'nothing', reason: `ends in ${duration(left / 1000)}; warned already` };
    return { action: 'warn', reason: `ends in ${duration(left / 1000)}`, threshold };
  }
  const since = `ended ${duration(-left / 1000)} ago`;
  if (lease.protected) return { action: 'spare', reason: `${since}; protected` };
  // Half made, it has nothing to be stopped and thawed again: its owner may finish it, until it is deleted.
  const isHalfMade = unfinished !== undefined && !FINISHED_BY_STOPPING.includes(unfinished);
  const isStopped = stoppedAt !== undefined && lease.state === 'frozen' && unfinished === undefined;
  if (!isHalfMade && !isStopped) return { action: 'stop', reason: since };
  const begin = Math.max(isHalfMade ? 0 : (stoppedAt?.getTime() ?? 0), endOf(lease.until).getTime());
  const over = begin + GRACE_HOURS * 3_600_000 - now.getTime();
  const state = isHalfMade ? `an interrupted \`${unfinished}\`` : 'stopped';
  if (over > 0) return { action: 'wait', reason: `${since}; ${state}, deleted in ${duration(over / 1000)}` };
  if (isHalfMade || stoppedAt === undefined) return { action: 'delete', reason: `${since}; ${state}` };
  return {
    action: 'delete',
    reason: `${since}; stopped ${duration((now.getTime() - stoppedAt.getTime()) / 1000)} ago`,
  };
}

/** Why a lease is stopped that has not ended; undefined where it is not. Who thaws it after its hours means to have it. */
function whyStopped({ lease, unfinished, activeSince, hoursOver, idle }: ReapCandidate, now: Date): string | undefined {
  if (lease.state === 'frozen' || lease.protected || unfinished !== undefined) return undefined;
  if (hoursOver !== undefined && activeSince !== undefined && activeSince < hoursOver)
    return `its hours were over ${duration((now.getTime() - hoursOver.getTime()) / 1000)} ago (autostop)`;
  if (idle === undefined) return undefined;
  const seconds = (now.getTime() - idle.since.getTime()) / 1000;
  return seconds >= idle.hours * 3600 ? `idle for ${duration(seconds)} (autostop)` : undefined;
}
