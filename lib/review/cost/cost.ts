import { fleetCosts, linkCosts, networkCosts } from '../../config/aws-cost.ts';
import { type CostItem, cents, hostCosts, leaseCosts } from '../../config/cost.ts';
import { demandOf } from '../../config/demand.ts';
import { linkDemandsOn } from '../../config/link/demand.ts';
import { blueprintOf, type Project } from '../../config/project.ts';
import type { CostPart, Plan, PlanCost } from '../../plan/model.ts';
import { partsOf, StackId } from '../../stack/id.ts';
import { type Before, type BeforeOf, NOTHING } from '../before.ts';

export interface CostInputs {
  /** What is planned; its price lists price both sides. */
  readonly project: Project;
  readonly before: BeforeOf;
}

/**
 * What the stacks that change cost a month, before and after; null where nothing changes what is paid. A fleet is counted at its maximum.
 * What has no price on either side is left out of both, and named. Pure.
 */
export function costOf(plan: Plan, { project, before }: CostInputs): PlanCost | null {
  const stacks = plan.stacks
    .filter(({ changes }) => changes.some(({ noise }) => !noise))
    .map(({ id }) => ({ id, ...compare(id, project, before(id)) }));
  const differing = stacks.filter(({ isNews }) => isNews);
  if (differing.length === 0) return null;
  const sum = (side: 'before' | 'after', bound: 'least' | 'most') =>
    cents(differing.reduce((total, stack) => total + stack[side][bound], 0));
  const unpriced = [...new Set(differing.flatMap((stack) => stack.unpriced))].sort();
  const least = { before: sum('before', 'least'), after: sum('after', 'least') };
  const monthly = { before: sum('before', 'most'), after: sum('after', 'most') };
  const fleets = differing.flatMap(({ fleet }) => fleet ?? []);
  return {
    monthly: { ...monthly, currency: project.organisation.value.currency },
    asOf:
      priceDays(
        project,
        differing.map(({ id }) => id),
      )[0] ?? '',
    unpriced,
    ...(fleets.length === 0 ? {} : { least, basis: `with ${fleets.join(' and ')}` }),
    stacks: differing.map(({ id, before: old, after, parts }) => ({
      stack: id,
      before: cents(old.most),
      after: cents(after.most),
      parts,
    })),
  };
}

/** Days of the price lists that price these stacks, the oldest first; a list without a day is left out. */
export function priceDays(project: Project, ids: readonly StackId[]): string[] {
  const days = ids.flatMap((id) => {
    const { environment, cloud } = partsOf(id);
    if (environment !== undefined) return project.awsPrices?.value.asOf ?? [];
    return cloud === undefined ? [] : (project.prices.get(cloud)?.value.asOf ?? []);
  });
  return [...new Set(days)].sort();
}

/** What a stack costs as the configuration says, with the price lists of another; nothing where the stack is not in it. */
export function costsOf(
  id: StackId,
  project: Pick<Project, 'clouds' | 'environments' | 'links' | 'blueprints' | 'leaseBlueprints' | 'leases'>,
  books: Project,
): CostItem[] {
  const { environment, cloud, lease } = partsOf(id);
  if (environment !== undefined) {
    const value = project.environments.get(environment)?.value;
    if (value === undefined) return [];
    const book = books.awsPrices?.value;
    if (id === StackId.network(environment)) return networkCosts(value, book);
    const link = [...project.links.values()].find((each) => each.value.environment === environment);
    if (id === StackId.awsLink(environment)) return link === undefined ? [] : linkCosts(value, link.value, book);
    return id === StackId.cluster(environment) ? fleetCosts(value, book) : [];
  }
  const site = cloud === undefined ? undefined : project.clouds.get(cloud)?.value;
  if (cloud === undefined || site === undefined) return [];
  const prices = books.prices.get(cloud)?.value;
  if (id === StackId.kolla(cloud)) return hostCosts(site, prices);
  const part = id === StackId.link(cloud) ? 'gateways' : id === StackId.linkDiscovery(cloud) ? 'discovery' : undefined;
  if (part !== undefined)
    return linkDemandsOn(project.links, { name: cloud, value: site }).flatMap((demand) =>
      demand.part === part ? leaseCosts(demand, prices) : [],
    );
  const leased = lease === undefined ? undefined : project.leases.get(lease);
  const blueprint = leased === undefined ? undefined : blueprintOf(project, leased)?.value;
  if (leased === undefined || blueprint === undefined) return [];
  return leaseCosts(demandOf({ name: leased.name, lease: leased.value, blueprint, cloud: site }), prices);
}

interface Sides {
  readonly before: { readonly least: number; readonly most: number };
  readonly after: { readonly least: number; readonly most: number };
  readonly unpriced: readonly string[];
  readonly parts: readonly CostPart[];
  /** Whether anything that is paid for comes, goes or changes in number. */
  readonly isNews: boolean;
  readonly fleet?: string;
}

function compare(id: StackId, project: Project, before: Before): Sides {
  // Nobody knows what it was: what it is now is told, as if it had cost the same.
  const old = before === 'unknown' ? project : before === 'absent' ? NOTHING : before;
  const [earlier, later] = [costsOf(id, old, project), costsOf(id, project, project)];
  const names = [...new Set([...earlier, ...later].map(({ what }) => what))];
  const sides = { before: { least: 0, most: 0 }, after: { least: 0, most: 0 } };
  const unpriced: string[] =
    before === 'unknown' && later.length > 0 ? [`${id}: what it cost before is not known`] : [];
  const parts: CostPart[] = [];
  let isNews = before === 'unknown' && later.length > 0;
  for (const what of names) {
    const [left, right] = [earlier, later].map((side) => side.find((each) => each.what === what));
    if (left?.quantity !== right?.quantity) isNews = true;
    const without = [left, right].find((side) => side !== undefined && side.monthly === undefined);
    if (without !== undefined) {
      if (left?.quantity !== right?.quantity) unpriced.push(`${id}: ${what} (${without.quantity})`);
      continue;
    }
    parts.push({
      what,
      quantity: (right ?? left)?.quantity ?? '',
      before: cents(left?.monthly?.most ?? 0),
      after: cents(right?.monthly?.most ?? 0),
    });
    for (const [side, item] of [
      [sides.before, left],
      [sides.after, right],
    ] as const) {
      side.least += item?.monthly?.least ?? 0;
      side.most += item?.monthly?.most ?? 0;
    }
  }
  const { environment } = partsOf(id);
  const isFleet = environment !== undefined && id === StackId.cluster(environment);
  const maximum = (isFleet ? project.environments.get(environment) : undefined)?.value.cluster.capacity.maximum;
  return {
    ...{ ...sides, unpriced, parts, isNews },
    ...(maximum === undefined ? {} : { fleet: `${environment ?? ''} at its maximum of ${maximum} instances` }),
  };
}
