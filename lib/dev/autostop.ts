import type { Autostop } from '../config/schema/autostop.ts';

type Hours = NonNullable<Autostop['hours']>;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY = 24 * 60 * 60 * 1000;

/** When the hours in which a lease may run were last over; undefined where they are not. Pure. */
export function lastEnd({ days, from, to, timeZone }: Hours, now: Date): Date | undefined {
  const here = localOf(now, timeZone);
  if (days.includes(here.day) && from <= here.time && here.time < to) return undefined;
  const today = Date.UTC(here.year, here.month - 1, here.date);
  for (let back = 0; back <= 7; back += 1) {
    const date = new Date(today - back * DAY);
    const day = DAYS[date.getUTCDay()];
    const end = momentOf(date, to, timeZone);
    if (day !== undefined && days.includes(day) && end <= now) return end;
  }
  return undefined;
}

/** The moment of a time of a day, where a clock says so; in the hour that a clock skips, what it would have been. */
function momentOf(date: Date, time: string, timeZone: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const wanted = date.getTime() + (hour * 60 + minute) * 60_000;
  // The difference to UTC may be another at the moment that the first guess gives.
  let guess = wanted - offsetAt(new Date(wanted), timeZone);
  guess = wanted - offsetAt(new Date(guess), timeZone);
  return new Date(guess);
}

function offsetAt(moment: Date, timeZone: string): number {
  const { year, month, date, time } = localOf(moment, timeZone);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return Date.UTC(year, month - 1, date, hour, minute) - Math.floor(moment.getTime() / 60_000) * 60_000;
}

function localOf(moment: Date, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts['year']),
    month: Number(parts['month']),
    date: Number(parts['day']),
    day: (parts['weekday'] ?? '').toLowerCase() as Hours['days'][number],
    time: `${parts['hour'] ?? ''}:${parts['minute'] ?? ''}`,
  };
}

/** Counters of all servers of a lease together, as its cloud tells them. */
export interface Activity {
  readonly servers: number;
  readonly vcpus: number;
  /** Seconds that processors worked since the servers started. */
  readonly cpuSeconds: number;
  /** Octets in and out since then. */
  readonly octets: number;
}

/** What is remembered from one look to the next. */
export interface IdleMemory extends Activity {
  /** ISO 8601. */
  readonly at: string;
  readonly idleSince: string;
}

/**
 * Since when nothing worked, by a look at the counters beside the last one. The first look begins to count; so does one after servers came,
 * went or started anew. Pure.
 */
export function judgeIdle(
  before: IdleMemory | undefined,
  activity: Activity,
  { idleCpuPercent, idleKibPerSecond }: Pick<Autostop, 'idleCpuPercent' | 'idleKibPerSecond'>,
  now: Date,
): IdleMemory {
  const at = now.toISOString();
  const fresh: IdleMemory = { ...activity, at, idleSince: at };
  if (before === undefined || before.servers !== activity.servers || before.vcpus !== activity.vcpus) return fresh;
  const seconds = (now.getTime() - Date.parse(before.at)) / 1000;
  const [cpu, octets] = [activity.cpuSeconds - before.cpuSeconds, activity.octets - before.octets];
  if (seconds < 0 || cpu < 0 || octets < 0) return fresh;
  const isIdle =
    cpu <= (idleCpuPercent / 100) * activity.vcpus * seconds &&
    octets <= idleKibPerSecond * 1024 * activity.servers * seconds;
  return { ...fresh, idleSince: isIdle ? before.idleSince : at };
}
