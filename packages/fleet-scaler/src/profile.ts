import type { Day } from './types.ts';

const DAY_SECONDS = 86_400;
/** Parts of a day that are told apart: of five minutes, for waves are about as long. */
const PARTS = 288;
const PART_SECONDS = DAY_SECONDS / PARTS;
/** How far a look moves its part: the twenty looks of a part together by two thirds. */
const LEARNED = 0.05;
/** Over how many seconds today is compared with the days before, and how far it may be from them. */
const LEVEL = { seconds: 900, least: 0.5, most: 2 } as const;

/** The day as it is known with one more look. @param passed - seconds since the last one */
export function learned(day: Day, now: number, load: number, passed: number): Day {
  const usual = usualAt(day, now) ?? load;
  const seen = Math.max(LEVEL.least, Math.min(LEVEL.most, (load + 1) / (usual + 1)));
  const part = Math.floor(now / PART_SECONDS) % PARTS;
  const known = day.profile[part] ?? load;
  return {
    profile: Array.from({ length: PARTS }, (_, index) =>
      index === part ? tenths(known + LEARNED * (load - known)) : (day.profile[index] ?? null),
    ),
    level: day.level + (seen - day.level) * Math.min(1, passed / LEVEL.seconds),
  };
}

/** Jobs that wait or run at a time, as on the days before, at today's level; undefined where no day told of it. */
export function expectedAt(day: Day, at: number): number | undefined {
  const usual = usualAt(day, at);
  return usual === undefined ? undefined : usual * day.level;
}

/** Between the middles of two parts. */
function usualAt({ profile }: Day, at: number): number | undefined {
  const place = at / PART_SECONDS - 0.5;
  const part = Math.floor(place);
  const [before, after] = [profile[(part + PARTS) % PARTS], profile[(part + 1) % PARTS]];
  if (typeof before !== 'number' || typeof after !== 'number') return undefined;
  return before + (after - before) * (place - part);
}

/** A number of the state is short. */
const tenths = (value: number): number => Math.round(value * 10) / 10;
