import type { Context } from '../context.ts';
import { configurationOf, onDemandOf } from './configuration.ts';
import { isActive } from './members.ts';
import type { GroupState, Member } from './state.ts';

/**
 * Whom a scale-in takes, one by one: of the zone that has most, by the group's termination policies; protected ones never.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export function chooseVictims(context: Context, group: GroupState, count: number): Member[] {
  const left = [...group.members.values()].filter((member) => isActive(member) && member.replaces === undefined);
  const victims: Member[] = [];
  const policies = group.settings.TerminationPolicies ?? ['Default'];
  const orders = policies.flatMap((policy) => ORDERS[policy] ?? []);
  while (victims.length < count) {
    const perZone = new Map<string, number>();
    for (const { zone } of left) perZone.set(zone, (perZone.get(zone) ?? 0) + 1);
    const open = left.filter((member) => !member.protected);
    const most = Math.max(0, ...open.map(({ zone }) => perZone.get(zone) ?? 0));
    const inZone = open.filter(({ zone }) => perZone.get(zone) === most);
    const suited = alignPurchase(group, left, inZone);
    if (suited.length === 0) return victims;
    const victim = suited.reduce((first, each) => (compare(context, orders, each, first) < 0 ? each : first));
    victims.push(victim);
    left.splice(left.indexOf(victim), 1);
  }
  return victims;
}

type Order = (context: Context, a: Member, b: Member) => number;

const oldest: Order = (_context, a, b) => a.launchedAt - b.launchedAt;
/** Old versions of the launch template go before the one that the group has now. */
const oldestTemplate: Order = (_context, a, b) => version(a) - version(b);
const nextHour: Order = ({ state }, a, b) => untilHour(state.now, a) - untilHour(state.now, b);

const ORDERS: Readonly<Record<string, readonly Order[]>> = {
  Default: [oldestTemplate, nextHour, oldest],
  AllocationStrategy: [],
  OldestInstance: [oldest],
  NewestInstance: [(context, a, b) => oldest(context, b, a)],
  OldestLaunchTemplate: [oldestTemplate],
  OldestLaunchConfiguration: [],
  ClosestToNextInstanceHour: [nextHour],
};

/** Names of policies that the model knows. */
export const TERMINATION_POLICIES: readonly string[] = Object.keys(ORDERS);

function compare(context: Context, orders: readonly Order[], a: Member, b: Member): number {
  for (const order of orders) {
    const difference = order(context, a, b);
    if (difference !== 0) return difference;
  }
  return oldest(context, a, b);
}

const version = ({ template }: Member): number => Number(template?.version ?? 0);

function untilHour(now: number, { launchedAt }: Member): number {
  return 3_600_000 - ((now - launchedAt) % 3_600_000);
}

/** Of a mixed group, the purchase of which there is too much; where the zone has none of it, any. */
function alignPurchase(group: GroupState, all: readonly Member[], inZone: readonly Member[]): readonly Member[] {
  const policy = configurationOf(group).mixedInstancesPolicy;
  if (policy === undefined) return inZone;
  const onDemand = all.filter(({ purchase }) => purchase === 'on-demand').length;
  const excess = onDemand > onDemandOf(policy.InstancesDistribution, all.length - 1) ? 'on-demand' : 'spot';
  const aligned = inZone.filter(({ purchase }) => purchase === excess);
  return aligned.length > 0 ? aligned : inZone;
}
