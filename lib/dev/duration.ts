import { invalidDuration } from './errors.ts';

const DAY = 24 * 60 * 60 * 1000;

/** `7d`, `2w` or `12h`. */
export interface Duration {
  readonly milliseconds: number;
  /** Whole days count by the calendar: the end of the last one. */
  readonly wholeDays: boolean;
}

/** @throws TandemError `invalid-duration` */
export function parseDuration(text: string): Duration {
  const match = /^([1-9]\d{0,4})([hdw])$/.exec(text.trim());
  if (match === null) throw invalidDuration(text);
  const count = Number(match[1]);
  if (match[2] === 'h') return { milliseconds: count * 60 * 60 * 1000, wholeDays: false };
  return { milliseconds: count * (match[2] === 'w' ? 7 : 1) * DAY, wholeDays: true };
}

/** The day of a moment, in UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/**
 * `until` of a lease that starts now: a day, whose end it is, or an instant. Today counts as the first day, so that `7d` from a
 * Monday ends with the Sunday.
 */
export function untilFrom(now: Date, duration: Duration): string {
  if (duration.wholeDays) return dayOf(new Date(now.getTime() + duration.milliseconds - DAY));
  return toInstant(new Date(now.getTime() + duration.milliseconds));
}

/** `until`, moved on: a day stays a day where whole days are added. */
export function untilAfter(until: string, duration: Duration): string {
  if (isDay(until)) {
    const last = new Date(`${until}T00:00:00Z`).getTime();
    if (duration.wholeDays) return dayOf(new Date(last + duration.milliseconds));
    return toInstant(new Date(last + DAY + duration.milliseconds));
  }
  return toInstant(new Date(Date.parse(until) + duration.milliseconds));
}

/** The moment at which a lease ends: a day ends with its last second. */
export function endOf(until: string): Date {
  return isDay(until) ? new Date(Date.parse(`${until}T00:00:00Z`) + DAY) : new Date(until);
}

function isDay(until: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(until);
}

function toInstant(moment: Date): string {
  return `${moment.toISOString().slice(0, 16)}Z`;
}
