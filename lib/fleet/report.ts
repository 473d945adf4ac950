import { counted } from '../text/plural.ts';
import type { Counter } from './effects.ts';
import { serves } from './judge.ts';
import type { Situation } from './next-step.ts';
import type { FleetOutcome, FleetProgress } from './ports.ts';
import type { Tracked, TrackState } from './track.ts';

function counts({ machines }: TrackState) {
  const all = [...machines.values()];
  const ended = (end: Tracked['end']) => all.filter((each) => each.end === end).length;
  const open = all.filter(({ end }) => end === undefined);
  const down = open.filter(({ actedAt, doubt }) => actedAt !== undefined || doubt.has('act')).length;
  const draining = open.filter(
    ({ actedAt, drainedAt, doubt }) =>
      actedAt === undefined && !doubt.has('act') && (drainedAt !== undefined || doubt.has('drain')),
  ).length;
  const waiting = open.length - down - draining;
  return { all, open, waiting, draining, down, done: ended('done'), failed: ended('failed'), gone: ended('gone') };
}

export function progressOf(state: TrackState, situation: Situation, pause: string | undefined): FleetProgress {
  const { all, open, waiting, draining, down, done, failed, gone } = counts(state);
  const { view } = situation;
  const stages = Math.max(0, ...all.map(({ stage }) => stage)) + 1;
  return {
    ...{ at: situation.now, waiting, draining, down, done, failed, gone, pause, stages },
    stage: Math.min(stages - 1, ...open.map(({ stage }) => stage)),
    serving: view.machines.filter((machine) => serves(machine, situation)).length,
    desired: view.group.desired,
  };
}

export function reportOf(
  operation: string,
  state: TrackState,
  seconds: number,
  { made, throttled }: Counter,
): FleetOutcome {
  const { all, done, failed, gone } = counts(state);
  return { operation, seconds, machines: all, done, failed, gone, calls: { made, throttled } };
}

/** What was done and what is left, for an error. */
export function wordsOf(state: TrackState): string {
  const { all, waiting, draining, down, done, failed, gone } = counts(state);
  const parts = [
    [done, 'done'],
    [failed, 'failed'],
    [gone, 'gone'],
    [down, 'under way'],
    [draining, 'draining'],
    [waiting, 'not begun'],
  ] as const;
  const told = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return `of ${counted(all.length, 'machine')}: ${told.join(', ')}`;
}
