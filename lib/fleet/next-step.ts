import type { LaunchFault } from './cloud.ts';
import { isAlive, isBack, isDrained, isGoing, isOutside, type Sight } from './judge.ts';
import type { Policy } from './request.ts';
import { isReplaced } from './rungs.ts';
import type { Tracked, TrackState } from './track.ts';
import type { Machine } from './view.ts';

/** All that the next decision of an operation stands on. */
export interface Situation extends Sight {
  readonly state: TrackState;
  /** When this run of the operation began. */
  readonly since: number;
  readonly policy: Policy;
  /** Instances that may be launched above those that run: quotas and addresses. */
  readonly room: number;
  /** Launches of the group that failed since the operation began, newest first. */
  readonly faults: readonly LaunchFault[];
  /** No machine is begun any more; those under way are ended. */
  readonly stopping: boolean;
}

/** What is done to machines, as the journal names it. */
export type ActionKind =
  | 'drain'
  | 'give back jobs'
  | 'start again'
  | 'start'
  | 'reboot'
  | 'root volume'
  | 'detach'
  | 'terminate'
  | 'terminate in group';

/** What a machine waits for, or what is next for it. */
export type Next =
  | { readonly kind: 'end'; readonly end: 'done' | 'failed' | 'gone'; readonly why?: string }
  | { readonly kind: 'act'; readonly action: ActionKind }
  /** It is detached: another launches. Needs room. */
  | { readonly kind: 'detach'; readonly drained: boolean }
  /** Another has to be in service in its place. */
  | { readonly kind: 'succession' }
  | { readonly kind: 'wait' };

const WAIT: Next = { kind: 'wait' };
/** After it was told to give its job back: then it is not waited for any more, and the job comes back with its visibility. */
const GIVE_BACK_MS = 60_000;
const MOST_REFUSALS = 5;

export function isAdmitted({ drainedAt, actedAt, doubt, unreached }: Tracked): boolean {
  return unreached || drainedAt !== undefined || actedAt !== undefined || doubt.has('drain') || doubt.has('act');
}

/** Whether the call that cures it was made, or may have been. */
function hasActed({ actedAt, doubt, rung }: Tracked, machine: Machine | undefined): boolean {
  if (actedAt !== undefined) return true;
  // A detachment is seen; of a reboot nobody knows.
  return doubt.has('act') && (isReplaced(rung) || rung === 'retire' ? isOutside(machine) : true);
}

/** The next step of a machine that was begun. */
export function nextOf(tracked: Tracked, machine: Machine | undefined, situation: Situation): Next {
  const { refusals, refusal = '' } = tracked;
  if (refusals >= MOST_REFUSALS && !isGoing(machine))
    return { kind: 'end', end: 'failed', why: `AWS refuses: ${refusal}` };
  if (!hasActed(tracked, machine)) return beforeAct(tracked, machine, situation);
  return isReplaced(tracked.rung) || tracked.rung === 'retire'
    ? whileReplaced(tracked, machine, situation)
    : whileDown(tracked, machine, situation);
}

function beforeAct(tracked: Tracked, machine: Machine | undefined, situation: Situation): Next {
  const { rung, doubt, unreached } = tracked;
  if (machine === undefined || isOutside(machine)) return { kind: 'end', end: 'gone', why: 'it left the fleet' };
  // Its hook drains it.
  if (rung === 'terminate') return { kind: 'act', action: 'terminate in group' };
  const end = drainEnd(tracked, machine, situation);
  if (end === 'drained') {
    if (rung === 'drain') return { kind: 'end', end: 'done' };
    if (rung === 'process') return { kind: 'act', action: 'start' };
    if (rung === 'reboot') return { kind: 'act', action: 'reboot' };
    if (rung === 'root-volume') return { kind: 'act', action: 'root volume' };
    return rung === 'retire' ? { kind: 'act', action: 'detach' } : { kind: 'detach', drained: true };
  }
  if (unreached)
    return isReplaced(rung)
      ? { kind: 'act', action: 'terminate in group' }
      : { kind: 'end', end: 'failed', why: 'Systems Manager does not reach it: its worker cannot be told to drain' };
  if (doubt.has('drain')) return { kind: 'act', action: 'drain' };
  if (end === 'overdue') return { kind: 'act', action: 'give back jobs' };
  // Another boots while this one ends its job.
  return isReplaced(rung) ? { kind: 'detach', drained: false } : WAIT;
}

/** `overdue`: it is to give its job back. */
function drainEnd(
  { drainedAt, returnedAt, doubt }: Tracked,
  machine: Machine,
  { policy, ...sight }: Situation,
): 'drained' | 'overdue' | 'draining' {
  if (isDrained(machine, sight)) return 'drained';
  if (drainedAt === undefined || doubt.has('drain')) return 'draining';
  if (returnedAt !== undefined) return sight.now - returnedAt > GIVE_BACK_MS ? 'drained' : 'draining';
  return sight.now - drainedAt > policy.drainSeconds * 1000 ? 'overdue' : 'draining';
}

function whileDown(tracked: Tracked, machine: Machine | undefined, situation: Situation): Next {
  const { rung, doubt, triedAt = situation.now, actedAt = triedAt } = tracked;
  const { policy, now, state } = situation;
  if (machine === undefined || isOutside(machine)) return { kind: 'end', end: 'gone', why: 'it left the fleet' };
  if (rung === 'root-volume' && machine.rootVolumeTask?.state === 'failed')
    return { kind: 'end', end: 'failed', why: 'its root volume could not be replaced' };
  if (isBack(machine, tracked, situation)) {
    const { program = machine.program, image = machine.imageId } = state.target ?? {};
    const isCurrent = machine.program === program && machine.imageId === image;
    if (isCurrent) return { kind: 'end', end: 'done' };
  }
  // Somebody was killed in the middle: it still waits for the call.
  if (doubt.has('act') && isDrained(machine, situation)) {
    const action = rung === 'process' ? 'start' : rung === 'reboot' ? 'reboot' : 'root volume';
    return { kind: 'act', action };
  }
  const seconds = Math.round((now - actedAt) / 1000);
  if (seconds <= policy.backSeconds) return WAIT;
  return { kind: 'end', end: 'failed', why: whyNotBack(machine, situation, seconds) };
}

function whyNotBack(machine: Machine, sight: Sight, seconds: number): string {
  const { heartbeat } = machine;
  if (heartbeat === undefined || !isAlive(machine, sight)) return `no heartbeat within ${seconds} s`;
  return heartbeat.state === 'broken'
    ? 'its worker says that it is broken'
    : `its worker is ${heartbeat.state}, with program ${machine.program ?? 'none'}, after ${seconds} s`;
}

function whileReplaced(tracked: Tracked, machine: Machine | undefined, situation: Situation): Next {
  const { rung, drainedAt, triedAt = situation.now, actedAt = triedAt } = tracked;
  if (isGoing(machine)) return rung === 'retire' ? { kind: 'end', end: 'done' } : { kind: 'succession' };
  const { policy, now } = situation;
  if (rung === 'terminate') {
    const seconds = Math.round((now - actedAt) / 1000);
    const late = seconds > policy.drainSeconds + policy.backSeconds;
    return late ? { kind: 'end', end: 'failed', why: `it is still terminating after ${seconds} s` } : WAIT;
  }
  if (machine === undefined) return WAIT;
  const end = drainEnd({ ...tracked, drainedAt: drainedAt ?? actedAt }, machine, situation);
  if (end === 'drained') return { kind: 'act', action: 'terminate' };
  return end === 'overdue' ? { kind: 'act', action: 'give back jobs' } : WAIT;
}
