import type { Time } from '../types.ts';

/** Minutes, hours, days of the month, months, days of the week; and whether both kinds of days were limited. */
export interface Cron {
  readonly fields: readonly (readonly number[])[];
  readonly eitherDay: boolean;
}

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** As far as a next time is looked for: one that never comes (31 February) is given up. */
const HORIZON_DAYS = 366 * 5;
const DAY_MS = 86_400_000;

/** `*`, numbers, ranges, lists and steps; no names. @returns undefined of anything else */
export function parseCron(text: string): Cron | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length !== 5) return undefined;
  const fields = words.map((word, at) => parseField(word, RANGES[at] ?? [0, 0]));
  if (!fields.every((field) => field !== undefined)) return undefined;
  return { fields, eitherDay: words[2] !== '*' && words[4] !== '*' };
}

function parseField(word: string, [least, most]: readonly [number, number]): number[] | undefined {
  const values = new Set<number>();
  for (const part of word.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, from, to, step] = match;
    const first = from === undefined ? least : Number(from);
    const last = to === undefined ? (from === undefined || step !== undefined ? most : first) : Number(to);
    const by = step === undefined ? 1 : Number(step);
    if (first < least || last > most || first > last || by < 1) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return [...values];
}

/** The first time after `from`, by the clocks of a time zone of IANA's. An hour that a change of clocks leaves out is the one after it. */
export function nextTime({ fields, eitherDay }: Cron, from: Time, timeZone = 'UTC'): Time | undefined {
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = fields;
  const start = Math.floor((from + offsetAt(from, timeZone)) / DAY_MS) * DAY_MS;
  for (let day = start; day < start + HORIZON_DAYS * DAY_MS; day += DAY_MS) {
    const date = new Date(day);
    const weekday = date.getUTCDay();
    const onWeekday = weekdays.includes(weekday) || (weekday === 0 && weekdays.includes(7));
    const onDay = days.includes(date.getUTCDate());
    if (!months.includes(date.getUTCMonth() + 1) || !(eitherDay ? onDay || onWeekday : onDay && onWeekday)) continue;
    const shown = hours.flatMap((hour) => minutes.map((minute) => day + hour * 3_600_000 + minute * 60_000));
    for (const local of shown.sort((a, b) => a - b)) {
      const time = local - offsetAt(local - offsetAt(local, timeZone), timeZone);
      if (time > from) return time;
    }
  }
  return undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks there show more than in UTC, in milliseconds. @throws RangeError if there is no such time zone */
export function offsetAt(time: Time, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const numeric = 'numeric';
  const parts = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { ...parts, timeZone, hourCycle: 'h23' });
  formats.set(timeZone, format);
  const shown = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}
