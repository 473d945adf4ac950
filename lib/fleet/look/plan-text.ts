import { duration } from '../../text/duration.ts';
import { counted, plural } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import type { FleetPlan, Wave } from '../plan.ts';

/** Waves that are shown one by one; what follows is put together. */
const SHOWN = 12;

/** What an operation will do, for people. @param now - When it would begin, in milliseconds since 1970 */
export function planText(plan: FleetPlan, now: number): string {
  const { group, machines, policy, suspends, skipped, forecast } = plan;
  const rungs = [...Map.groupBy(machines, ({ rung }) => rung)].map(([rung, all]) => `${rung} ${all.length}`).join(', ');
  const budget =
    policy.budget === undefined
      ? ''
      : `, at most ${policy.budget.percent} % in ${duration(policy.budget.minutes * 60)}`;
  const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString().slice(11, 16);
  return [
    `${counted(machines.length, 'instance')} of ${group}: ${rungs}`,
    `at least ${policy.floorPercent} % stay in service${budget}; a job may take ${duration(policy.drainSeconds)} to end`,
    ...(suspends.length === 0
      ? []
      : [`${suspends.join(', ')} ${plural(suspends.length, 'is', 'are')} suspended meanwhile, and given back`]),
    ...skippedLines(skipped),
    '',
    ...waveLines(plan.waves),
    '',
    `predicted finish: ${duration(forecast.seconds)} after the beginning (${at(forecast.seconds)} UTC if it begins now); nine in ten end within ${duration(forecast.low)} to ${duration(forecast.high)}`,
    ...(forecast.observed ? [] : ['usual boot times and jobs are assumed: this fleet told of too few']),
  ].join('\n');
}

function skippedLines(skipped: FleetPlan['skipped']): string[] {
  return [...Map.groupBy(skipped, ({ why }) => why)].map(
    ([why, all]) => `${counted(all.length, 'instance')} left alone: ${why}`,
  );
}

function waveLines(waves: readonly Wave[]): string[] {
  const rows = waves.slice(0, SHOWN).map((wave, index) => rowOf(wave, String(index + 1)));
  const others = waves.slice(SHOWN);
  if (others.length > 0) rows.push(rowOf(together(others), `${SHOWN + 1} to ${waves.length}`));
  return table(rows, { head: ['wave', 'stage', 'instances', 'calls'], right: [2] });
}

function rowOf({ stage, machines, calls }: Wave, name: string): string[] {
  const made = Object.entries(calls).map(([api, count]) => `${api} ${count}`);
  return [name, stage === 0 ? 'canary' : String(stage + 1), String(machines.length), made.join(', ')];
}

function together(waves: readonly Wave[]): Wave {
  const calls: Record<string, number> = {};
  for (const wave of waves)
    for (const [api, count] of Object.entries(wave.calls)) calls[api] = (calls[api] ?? 0) + count;
  return { stage: waves[0]?.stage ?? 0, machines: waves.flatMap(({ machines }) => machines), calls };
}
