import type { Probe } from './drills.ts';

/** One request of the client's; times in seconds since 1970. */
export interface ClientRecord {
  readonly probe: Probe;
  readonly start: number;
  readonly end: number;
  readonly ok: boolean;
  readonly detail: string;
}

/** What became of what was acknowledged, by probe. `missing`: numbers of the rows that are lost, where the probe has any (`sql`). */
export type ReadBack = Readonly<
  Record<
    string,
    {
      readonly acknowledged: number;
      readonly readBack: number;
      readonly lost: number;
      readonly missing?: readonly number[];
    }
  >
>;

/**
 * What a client saw of one service between two moments, in seconds. A gap is the longest time between two successes: what is measured of
 * an outage, and what a prediction is compared with.
 */
export interface Outage {
  readonly probe: Probe;
  readonly succeeded: number;
  readonly failed: number;
  /** The longest time without a success, whose end lies after the first moment. */
  readonly gap: number;
  /** From the first moment to the end of that gap: how long it took until it was back. Undefined: it was not. */
  readonly back: number | undefined;
  /** The longest gap before the first moment, under the same load: what this machine does without any failure. */
  readonly usualGap: number;
  /** What failed requests said, the most frequent first. */
  readonly errors: readonly string[];
}

/** What one probe saw between two moments. Pure; records in any order. */
export function outageOf(records: readonly ClientRecord[], probe: Probe, from: number, to: number): Outage {
  const own = records.filter((record) => record.probe === probe && record.end <= to);
  const successes = own
    .filter(({ ok }) => ok)
    .map(({ end }) => end)
    .toSorted((one, other) => one - other);
  const before = successes.filter((end) => end < from);
  const after = successes.filter((end) => end >= from);
  // The gap that the event opens begins with the last success before it, which was already on its way.
  const marks = [before.at(-1) ?? from, ...after];
  let gap = 0;
  let back: number | undefined = after.length === 0 ? undefined : 0;
  for (const [index, end] of marks.entries()) {
    const previous = marks[index - 1];
    if (previous === undefined || end - previous <= gap) continue;
    gap = end - previous;
    back = end - from;
  }
  // The longest of ordinary steps says nothing of the event.
  if (gap < STEADY_SECONDS && after[0] !== undefined) back = after[0] - from;
  // An outage that lasts is a gap that nothing ends.
  const open = to - (marks.at(-1) ?? from);
  if (after.length === 0 || open > Math.max(gap, OPEN_SECONDS)) [gap, back] = [open, undefined];
  const failures = own.filter((record) => !record.ok && record.end >= from);
  return {
    probe,
    succeeded: after.length,
    failed: failures.length,
    gap: round(gap),
    back: back === undefined ? undefined : round(back),
    usualGap: round(longestStep(before.filter((end) => end > from - USUAL_SECONDS))),
    errors: frequent(failures.map(({ detail }) => detail)),
  };
}

/** Gaps between two successes that are longer than predicted, and the requests that failed in them. Pure; records in any order. */
export function gapsAbove(
  records: readonly ClientRecord[],
  probe: Probe,
  from: number,
  to: number,
  seconds: number,
): { readonly gaps: number; readonly failed: number } {
  const own = records.filter((record) => record.probe === probe && record.end <= to);
  const ends = own.filter(({ ok }) => ok).map(({ end }) => end);
  const marks = [...ends, to].toSorted((one, other) => one - other);
  const long = marks.flatMap((end, index) => {
    const begin = marks[index - 1] ?? from;
    return end >= from && end - begin > seconds ? [{ begin, end }] : [];
  });
  const failed = own.filter(({ ok, end }) => !ok && long.some((gap) => end > gap.begin && end < gap.end));
  return { gaps: long.length, failed: failed.length };
}

/** Requests that were begun after one moment and succeeded before another: none may, where nothing may be accepted. */
export function accepted(records: readonly ClientRecord[], from: number, to: number): readonly ClientRecord[] {
  return records.filter(({ ok, start, end }) => ok && start > from && end < to);
}

/** What a client was told is written, and is gone, in sentences. Pure. */
export function lostWrites(readBack: ReadBack): readonly string[] {
  return Object.entries(readBack)
    .filter(([, { lost }]) => lost > 0)
    .map(([probe, { lost, acknowledged }]) => `${probe}: ${lost} of ${acknowledged} acknowledged writes are lost`);
}

/** A gap shorter than this is no outage: the slower requests are a second apart. */
const STEADY_SECONDS = 1;
/** Shorter than this, the end of the observation is no outage. */
const OPEN_SECONDS = 5;
/** How far back the usual gap is measured. */
const USUAL_SECONDS = 20;

function longestStep(ends: readonly number[]): number {
  return ends.reduce((longest, end, index) => Math.max(longest, end - (ends[index - 1] ?? end)), 0);
}

function frequent(details: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const detail of details) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, 3);
  return sorted.map(([detail, count]) => `${count} × ${detail}`);
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
