import { z } from 'zod';
import { TIMERS, type Timer, type TimerName } from '../timers.ts';

function field(name: string, { setting, costs, value, isWhole = false }: Timer, [least, most]: readonly number[]) {
  const number = z
    .number()
    .min(least ?? 0)
    .max(most ?? 0);
  const unit = name.endsWith('Count') ? 'how many' : isWhole ? 'in whole seconds' : 'in seconds';
  return (isWhole ? number.int() : number).optional().describe(`${setting}, ${unit}: ${costs}. Default: ${value}.`);
}

/** Kolla-Ansible has no way to set OVN's. */
type Fields = { readonly [Name in Exclude<TimerName, 'ovnElection'>]: ReturnType<typeof field> };

const fields = Object.fromEntries(
  Object.entries(TIMERS).flatMap(([name, timer]: [string, Timer]) =>
    timer.range === undefined ? [] : [[name, field(name, timer, timer.range)]],
  ),
) as Fields;

/** Failover times of a cloud, by the names of `lib/config/timers.ts`. What Kolla-Ansible does not let be set is none of them. */
export const timers = z.strictObject(fields);
