import type { Environment } from '../../config/schema/environment.ts';
import { duration } from '../../text/duration.ts';
import type { FleetDefinition } from '../fleet/definition.ts';
import { type Money, moneyOf } from '../measure/money.ts';
import { waitsOf } from '../measure/waits.ts';
import type { loadDecide } from '../policy/tandem.ts';
import { simulate } from '../run/simulation.ts';
import type { Workload } from '../workload/workload.ts';
import { configuredOf } from './contenders.ts';
import { hourPrice, type RegionPrices } from './prices.ts';
import { whole } from './words.ts';

/** Jobs and seconds of a workload that is simulated twice within about five seconds (a week of 40,000 jobs: 1.2 s each, on one core). */
const MOST = { jobs: 60_000, seconds: 15 * 86_400 };

/** A fleet, and the settings that its template does not say. */
export interface Side {
  readonly fleet: FleetDefinition;
  readonly cluster: Environment['cluster'];
}

export interface DifferenceOptions {
  readonly environment: string;
  readonly decide: Awaited<ReturnType<typeof loadDecide>>;
  readonly prices: RegionPrices | undefined;
}

/** What decides how a fleet scales; two clusters that agree in it do the same with every workload. */
export function scalingSettings({ capacity, scaling, worker, instances }: Environment['cluster']): string {
  return JSON.stringify([capacity, scaling, worker.jobsPerInstance, instances.types]);
}

/** What a change of a fleet does on a workload, in a sentence; why it is not told, where it would take long. */
export function scalingDifference(workload: Workload, before: Side, after: Side, options: DifferenceOptions): string {
  const count = whole(workload.at.length);
  const what = `recorded workload of ${duration(workload.span)} (${count} jobs)`;
  if (workload.at.length > MOST.jobs || workload.span > MOST.seconds)
    return `${what}: too large to be simulated in a plan; run \`tandem simulate ${options.environment}\` before and after`;
  const [old, now] = [outcomeOf(workload, before, options), outcomeOf(workload, after, options)];
  const usd = now.usd === undefined || old.usd === undefined ? '' : `; ${compared(now.usd, old.usd, 'USD')}`;
  return `${what}: 95 of 100 jobs wait at most ${duration(now.p95)}, before ${duration(old.p95)}; ${compared(now.instanceHours, old.instanceHours, 'instance-hours')}${usd}`;
}

function outcomeOf(
  workload: Workload,
  { fleet, cluster }: Side,
  { decide, prices }: Pick<DifferenceOptions, 'decide' | 'prices'>,
): Money & { readonly p95: number } {
  const { scaling, worker } = cluster;
  const slots = worker.jobsPerInstance;
  const { policy } = configuredOf(fleet, { ...scaling, slots, decide });
  const simulated = simulate({ workload, fleet, policy, slots });
  return { ...moneyOf(simulated, hourPrice(prices)), p95: waitsOf(simulated).p95 };
}

function compared(now: number, before: number, unit: string): string {
  const percent = before === 0 ? 0 : Math.round((now / before - 1) * 100);
  return `${whole(now)} ${unit}, before ${whole(before)} (${percent > 0 ? '+' : ''}${percent} %)`;
}
