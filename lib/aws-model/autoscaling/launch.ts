import { drawResources } from '../buckets.ts';
import type { Context } from '../context.ts';
import { refuseWithoutRoom } from '../ec2/calls.ts';
import { launchMachines, startMachine } from '../ec2/machines.ts';
import { launchSpec, mergeTags } from '../ec2/run.ts';
import type { Purchase, SubnetState } from '../ec2/state.ts';
import { freeAddresses, roomFor } from '../ec2/supply.ts';
import { newReservation } from '../ec2/views.ts';
import type { Tag } from '../ec2-types.ts';
import { ModelFault } from '../types.ts';
import { begin } from './activities.ts';
import { byStrategy, type Candidate, candidatesOf, configurationOf, nextPurchase } from './configuration.ts';
import { arrived, isActive, isReady, isWarm, machineOf, move, touch } from './members.ts';
import type { GroupState, Member } from './state.ts';

/** After a launch that failed the group tries again this much later. Not published; chosen. */
const RETRY_MS = 30_000;

export interface LaunchOrder {
  readonly count: number;
  /** Into the warm pool. */
  readonly warm?: boolean;
  /** One launch for each, beyond the desired capacity. */
  readonly replaces?: readonly string[];
  readonly zones?: readonly string[];
  readonly subnets?: readonly string[];
  readonly cause: string;
  readonly refresh?: string | undefined;
}

export interface LaunchResult {
  readonly launched: readonly Member[];
  readonly faults: readonly { readonly zone: string; readonly type: string; readonly fault: ModelFault }[];
}

/** Launches as many as there is room for, each in the zone that has fewest. A shortage is told by an activity, and tried again. */
export function launchMembers(context: Context, group: GroupState, order: LaunchOrder): LaunchResult {
  const granted = drawResources(context, 'ec2:RunInstances', order.count);
  if (granted < order.count) {
    context.emit({ type: 'throttled', api: 'ec2:RunInstances', caller: 'autoscaling' });
    touch(context, group, RETRY_MS);
  }
  const launched: Member[] = [];
  let faults: LaunchResult['faults'] = [];
  try {
    const planner = new LaunchPlan(context, group, order);
    for (let at = 0; at < granted; at += 1) {
      const choice = planner.next();
      if (choice === undefined) break;
      launched.push(launchMember(context, group, order, choice, order.replaces?.[at]));
    }
    if (launched.length < granted) faults = planner.faults;
  } catch (error) {
    // A template that is gone, or no longer valid.
    if (!(error instanceof ModelFault)) throw error;
    faults = [{ zone: group.subnets[0] ?? '', type: '', fault: error }];
  }
  for (const { zone, fault } of faults) fail(context, group, order.cause, zone, fault);
  return { launched, faults };
}

interface Choice {
  readonly subnet: SubnetState;
  readonly candidate: Candidate;
  readonly purchase: Purchase | undefined;
}

/** Where and what the next instance is, counting those that were planned before it. */
class LaunchPlan {
  readonly #context: Context;
  readonly #policy: ReturnType<typeof configurationOf>['mixedInstancesPolicy'];
  readonly #candidates: readonly Candidate[];
  readonly #subnets: readonly SubnetState[];
  readonly #perZone = new Map<string, number>();
  readonly #faults = new Map<string, LaunchResult['faults'][number]>();
  #total = 0;
  #onDemand = 0;

  constructor(context: Context, group: GroupState, order: LaunchOrder) {
    this.#context = context;
    const configuration = configurationOf(group);
    this.#policy = configuration.mixedInstancesPolicy;
    this.#candidates = candidatesOf(context, configuration);
    const allowed = (subnet: SubnetState) =>
      (order.zones?.includes(subnet.zone) ?? true) && (order.subnets?.includes(subnet.id) ?? true);
    this.#subnets = subnetsOf(context, group).filter(allowed);
    for (const { zone } of this.#subnets) this.#perZone.set(zone, 0);
    const replaced = new Set(order.replaces);
    for (const member of group.members.values()) {
      if (order.warm === true ? !isWarm(member) : !isActive(member)) continue;
      if (replaced.has(member.id)) continue;
      this.#total += 1;
      this.#onDemand += member.purchase === 'on-demand' ? 1 : 0;
      this.#perZone.set(member.zone, (this.#perZone.get(member.zone) ?? 0) + 1);
    }
  }

  get faults(): LaunchResult['faults'] {
    return [...this.#faults.values()];
  }

  next(): Choice | undefined {
    const purchase = nextPurchase(this.#policy, this.#total, this.#onDemand);
    const zones = [...new Set(this.#subnets.map(({ zone }) => zone))];
    const count = (zone: string) => this.#perZone.get(zone) ?? 0;
    for (const zone of zones.toSorted((a, b) => count(a) - count(b))) {
      const found = this.#inZone(zone, purchase);
      if (found === undefined) continue;
      this.#perZone.set(zone, count(zone) + 1);
      this.#total += 1;
      this.#onDemand += (purchase ?? 'on-demand') === 'on-demand' ? 1 : 0;
      return found;
    }
    return undefined;
  }

  #inZone(zone: string, purchase: Purchase | undefined): Choice | undefined {
    const subnets = this.#subnets
      .filter((subnet) => subnet.zone === zone)
      .toSorted((a, b) => freeAddresses(b) - freeAddresses(a));
    for (const candidate of byStrategy(this.#context, this.#candidates, this.#policy, zone, purchase ?? 'on-demand'))
      for (const subnet of subnets) {
        const spec = launchSpec(this.#context, { data: candidate.data, subnet, purchase, reservation: '' });
        const { count, fault } = roomFor(this.#context, spec);
        if (count >= 1) return { subnet, candidate, purchase };
        this.#faults.set(zone, { zone, type: candidate.type, fault: fault() });
      }
    return undefined;
  }
}

function subnetsOf({ state }: Context, group: GroupState): SubnetState[] {
  return group.subnets.map((id) => state.ec2.subnets.get(id)).filter((subnet) => subnet !== undefined);
}

function launchMember(
  context: Context,
  group: GroupState,
  order: LaunchOrder,
  { subnet, candidate, purchase }: Choice,
  replaces: string | undefined,
): Member {
  const { data, template } = candidate;
  const spec = launchSpec(context, { data, template, subnet, purchase, reservation: newReservation(context) });
  const tags = mergeTags(spec.tags, groupTags(group));
  const [machine] = launchMachines(context, { ...spec, tags, requester: 'autoscaling.amazonaws.com' }, 1);
  if (machine === undefined) throw new Error('a launch of one instance gave none');
  const { id, zone, type, image } = machine;
  const activity = begin(context, group, {
    description: `Launching a new EC2 instance${order.warm === true ? ' into warm pool' : ''}: ${id}`,
    cause: order.cause,
    status: 'PreInService',
    zone,
  });
  const member: Member = {
    id,
    zone,
    type,
    image,
    template,
    purchase: machine.purchase,
    launchedAt: context.state.now,
    state: 'Pending',
    healthy: true,
    protected: group.settings.NewInstancesProtectedFromScaleIn ?? false,
    waits: [],
    activity: activity.ActivityId,
    replaces,
    refresh: order.refresh,
    reuse: false,
  };
  group.members.set(id, member);
  context.state.autoscaling.groupOf.set(id, group.name);
  move(context, group, member, order.warm === true ? 'Warmed:Pending' : 'Pending');
  return member;
}

/** Tags that instances of a group carry. */
export function groupTags(group: GroupState): Tag[] {
  return [
    ...group.tags.filter(({ PropagateAtLaunch }) => PropagateAtLaunch).map(({ Key, Value }) => ({ Key, Value })),
    { Key: 'aws:autoscaling:groupName', Value: group.name },
  ];
}

/** Takes ready instances out of the warm pool. @returns those that it took. */
export function takeFromPool(context: Context, group: GroupState, count: number, cause: string): readonly Member[] {
  const perZone = new Map<string, number>();
  for (const member of group.members.values())
    if (isActive(member)) perZone.set(member.zone, (perZone.get(member.zone) ?? 0) + 1);
  const ready = [...group.members.values()].filter((member) => isReady(member) && member.healthy);
  const taken: Member[] = [];
  while (taken.length < count && ready.length > 0) {
    ready.sort((a, b) => (perZone.get(a.zone) ?? 0) - (perZone.get(b.zone) ?? 0));
    const [member] = ready.splice(0, 1);
    if (member === undefined || !wake(context, group, member, cause)) continue;
    perZone.set(member.zone, (perZone.get(member.zone) ?? 0) + 1);
    taken.push(member);
  }
  return taken;
}

function wake(context: Context, group: GroupState, member: Member, cause: string): boolean {
  const machine = machineOf(context, member);
  if (machine === undefined) return false;
  if (machine.state === 'stopped') {
    try {
      refuseWithoutRoom(context, machine);
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
      fail(context, group, cause, member.zone, error);
      return false;
    }
    if (drawResources(context, 'ec2:StartInstances', 1) < 1) return false;
  }
  const activity = begin(context, group, {
    description: `Launching a new EC2 instance from warm pool: ${member.id}`,
    cause,
    status: 'PreInService',
    zone: member.zone,
  });
  member.activity = activity.ActivityId;
  move(context, group, member, 'Pending');
  if (machine.state === 'stopped') startMachine(context, machine);
  else arrived(context, group, member);
  return true;
}

function fail(context: Context, group: GroupState, cause: string, zone: string, fault: ModelFault): void {
  begin(context, group, {
    description: `Launching a new EC2 instance.  Status Reason: ${fault.message} Launching EC2 instance failed.`,
    cause,
    status: 'Failed',
    zone,
    message: `${fault.message} Launching EC2 instance failed.`,
  });
  group.launchAfter = context.state.now + RETRY_MS;
  touch(context, group, RETRY_MS);
}
