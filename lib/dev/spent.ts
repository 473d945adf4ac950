import { cents, HOURS_A_MONTH, usageCost } from '../config/cost.ts';
import type { Project } from '../config/project.ts';
import type { Prices } from '../config/schema/prices.ts';
import { statusOf } from '../openstack-api/errors.ts';
import type { ProjectUsage } from '../openstack-api/usage.ts';
import type { DevPorts } from './ports.ts';
import { findProject } from './project.ts';
import type { DevEnvironment } from './workspace.ts';

/** What an environment has cost since its first day, or since the month began, whichever is later. */
export interface Spent {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** By what the cloud says was used and the price list, in the organisation's currency. */
  readonly amount: number;
  /** What it would be by the configuration, at the present size for as long as anything of it is there. */
  readonly estimate: number;
}

/** Undefined where the price list does not say, nothing was made, or the cloud tells the caller nothing of usage. */
export async function spentBy(
  ports: DevPorts,
  project: Project,
  environment: DevEnvironment,
  monthly: number | null,
): Promise<Spent | undefined> {
  const { cloud, lease } = environment;
  const prices = project.prices.get(cloud.name)?.value;
  if (prices === undefined || monthly === null) return undefined;
  const api = ports.cloud(cloud);
  const own = findProject(await api.projects(cloud.value.endpoint.domain), project, environment);
  if (own === undefined) return undefined;
  const period = periodOf(lease.value.since, ports.clock.now());
  try {
    return spentIn(await api.usage(own.id, period), period, { prices, monthly });
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return undefined;
    throw error;
  }
}

/** From the first day of the month, or of the lease. Pure. */
export function periodOf(since: string, now: Date): { readonly from: Date; readonly to: Date } {
  const month = Date.parse(`${now.toISOString().slice(0, 7)}-01T00:00:00Z`);
  const begun = Date.parse(`${since}T00:00:00Z`);
  return { from: new Date(Math.min(now.getTime(), Math.max(month, begun))), to: now };
}

/** Pure. */
export function spentIn(
  usage: ProjectUsage,
  { from, to }: { readonly from: Date; readonly to: Date },
  { prices, monthly }: { readonly prices: Omit<Prices, 'hardware' | 'asOf'>; readonly monthly: number },
): Spent | undefined {
  const amount = usageCost(usage, prices);
  if (amount === undefined || usage.begin === undefined) return undefined;
  const begin = Math.max(from.getTime(), usage.begin.getTime());
  const hours = Math.max(0, to.getTime() - begin) / 3_600_000;
  const estimate = (monthly * hours) / HOURS_A_MONTH;
  return {
    from: new Date(begin).toISOString(),
    to: to.toISOString(),
    amount: cents(amount),
    estimate: cents(estimate),
  };
}
