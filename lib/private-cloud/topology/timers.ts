import type { Cloud } from '../../config/schema/cloud.ts';
import { TIMERS, type TimerName, type TimerValues } from '../../config/timers.ts';

/** The values that Tandem renders where a cloud says nothing else. */
export const SHIPPED_TIMERS = Object.fromEntries(
  Object.entries(TIMERS).map(([name, { value }]) => [name, value]),
) as TimerValues;

/** The values of a cloud: those of `kolla.timers` in the place of the shipped ones. */
export function timersOf({ kolla }: Pick<Cloud, 'kolla'>): TimerValues {
  const own = Object.entries(kolla?.timers ?? {}).filter(([, value]) => value !== undefined);
  return own.length === 0 ? SHIPPED_TIMERS : { ...SHIPPED_TIMERS, ...Object.fromEntries(own) };
}

/** Whether a cloud waits as long as another, so that what was measured on one says something of the other. */
export function isSameTimers(one: TimerValues, other: Readonly<Record<string, number>>): boolean {
  return (Object.keys(TIMERS) as TimerName[]).every((name) => one[name] === other[name]);
}
