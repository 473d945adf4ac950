import { serves } from './judge.ts';
import { isAdmitted, type Situation } from './next-step.ts';
import type { TrackState } from './track.ts';

/** So many jobs that failed one after the other are the machine's fault. */
const FAILURES_IN_A_ROW = 2;

function lastStage({ machines }: TrackState): number {
  return Math.max(0, ...[...machines.values()].map(({ stage }) => stage));
}

/** The stage whose machines may be begun; undefined while a canary is watched. */
export function stageNow({ state, policy, now }: Situation): number | undefined {
  const all = [...state.machines.values()];
  const last = lastStage(state);
  const open = Math.min(last, ...all.filter(({ end }) => end === undefined).map(({ stage }) => stage));
  if (open === 0) return 0;
  const before = all.filter(({ stage, end }) => stage === open - 1 && end === 'done');
  const since = Math.max(0, ...before.map(({ endedAt = 0 }) => endedAt));
  return now - since >= policy.bakeSeconds * 1000 ? open : undefined;
}

/** Why no further machine is to be begun. */
export interface Gate {
  readonly why: string;
  /** What machines got is to blame, as far as anybody can tell: a rollout's version is broken. */
  readonly condemns: boolean;
}

/** Undefined where all is well. @param waiting - Machines that were not begun */
export function gateOf(situation: Situation, waiting: number): Gate | undefined {
  const { state, policy, now, view } = situation;
  if (waiting === 0) return undefined;
  const all = [...state.machines.values()];
  const last = lastStage(state);
  const failed = all.filter(({ end }) => end === 'failed');
  const canary = failed.find(({ stage }) => stage < last);
  const condemns = failed.some(({ unreached, actedAt }) => !unreached && actedAt !== undefined);
  if (canary !== undefined) return { why: `canary ${canary.id} failed: ${canary.why ?? ''}`, condemns };
  const [first] = failed;
  if (first !== undefined && failed.length > policy.failures)
    return {
      why: `${failed.length} machines failed, more than ${policy.failures}: ${first.id}: ${first.why ?? ''}`,
      condemns,
    };
  const sick = sickOf(situation);
  if (sick !== undefined) return { why: sick, condemns: true };
  if (all.some((tracked) => tracked.end === undefined && isAdmitted(tracked))) return undefined;
  const moments = all.flatMap(({ endedAt = 0, drainedAt = 0 }) => [endedAt, drainedAt]);
  const since = Math.max(situation.since, ...moments);
  const serving = view.machines.filter((machine) => serves(machine, situation)).length;
  if (now - since > (policy.backSeconds + policy.bakeSeconds) * 1000 + budgetMs(situation))
    return {
      why: `${serving} machines are in service, too few to take one out above a floor of ${policy.floorPercent} percent of ${view.group.desired}`,
      condemns: false,
    };
  return undefined;
}

function budgetMs({ policy }: Situation): number {
  return (policy.budget?.minutes ?? 0) * 60_000;
}

/** Machines that were cured, or came in place of others, work like the rest. */
function sickOf({ state, view }: Situation): string | undefined {
  const sick = view.machines.filter(({ id, heartbeat, lifecycleState }) => {
    const isCured = state.machines.get(id)?.end === 'done' || !state.known.has(id);
    const failures = heartbeat?.failures ?? 0;
    return (
      isCured && lifecycleState === 'InService' && (heartbeat?.state === 'broken' || failures >= FAILURES_IN_A_ROW)
    );
  });
  const cured = [...state.machines.values()].filter(({ end }) => end === 'done').length;
  const [first] = sick;
  // One in fifty may have been unlucky; a canary may not.
  if (first === undefined || sick.length <= Math.floor(cured / 50)) return undefined;
  return first.heartbeat?.state === 'broken'
    ? `the worker of ${first.id} says that it is broken`
    : `the last ${first.heartbeat?.failures ?? 0} jobs of ${first.id} failed`;
}
