import type { Problem } from '../diagnostic.ts';
import { TIMER_ORDERS } from '../timer-orders.ts';
import { TIMERS, type TimerName } from '../timers.ts';
import type { RuleInput } from './rule.ts';

/** Failover times that must leave room for each other do. */
export function checkTimers({ clouds }: RuleInput): Problem[] {
  return [...clouds.values()].flatMap(({ value, origin }) => {
    const own = value.kolla?.timers ?? {};
    const valueOf = (name: TimerName) => (own as Partial<Record<TimerName, number>>)[name] ?? TIMERS[name].value;
    return TIMER_ORDERS.flatMap(({ lower, times, upper, why }) => {
      const [low, high] = [valueOf(lower), valueOf(upper)];
      // Sums of decimals are not exact.
      if (low * times <= high + 1e-9) return [];
      // Shipped values are in order: one of the two is the cloud's own.
      const isUpper = Object.hasOwn(own, upper);
      const name = isUpper ? upper : lower;
      const shown = (each: TimerName) => `${TIMERS[each].setting} ${valueOf(each)}`;
      const message = `got ${valueOf(name)}; ${shown(upper)} must be ${times === 1 ? 'at least' : `at least ${times} times`} ${shown(lower)}: ${why}`;
      const fix = isUpper
        ? `write ${decimal(low * times)} or more`
        : `write ${decimal(high / times, Math.floor)} or less`;
      return [origin.at('kolla', 'timers', name).problem('timer-order', message, fix)];
    });
  });
}

/** As people write it, towards the safe side. */
function decimal(value: number, round: (value: number) => number = Math.ceil): number {
  return round(Number((value * 100).toFixed(6))) / 100;
}
