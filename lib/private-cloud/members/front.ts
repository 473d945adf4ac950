import { type Moving, NAMED, union, without } from './groups.ts';
import { type Planning, VIP } from './planning.ts';
import { type Action, command, play, verify } from './step.ts';

/** What serves clients: balancers, controllers, gateways. */

/**
 * Once for all that they are to know: who joined, who gets no requests any more, and the load balancers beside them. Those that are there
 * learn of new ones before these start, and of those that leave once these have stopped: one that hears no adverts takes the VIP, and then
 * two would have it.
 */
export function moveBalancers(plan: Planning): void {
  const group = 'loadbalancer';
  const [now, to] = [plan.members[group], plan.change.to[group]];
  const [joining, leaving] = [plan.joining(group), plan.leaving(group)];
  const isTold = plan.dead(group).length > 0;
  const tell = (hosts: readonly string[]) => plan.tell(plan.announced(NAMED), { balancers: hosts });
  const all = union(now, to);
  plan.settle(group, all);
  if (joining.length > 0 || (isTold && leaving.length === 0)) tell(now);
  if (joining.length > 0)
    plan.add(`add load balancers ${joining.join(', ')}`, [play('deploy', [group], joining), ...plan.serving(all)], {
      members: plan.announced(NAMED),
    });
  for (const [at, host] of leaving.entries()) {
    const stay = without(all, leaving.slice(0, at + 1));
    const containers = plan.containersGone(host, plan.with(group, all), plan.with(group, stay));
    plan.add(
      `remove load balancer ${host}`,
      [play('stop', [group], [host]), { kind: 'units', host, containers }, ...plan.serving(stay)],
      { unavailable: VIP },
    );
  }
  plan.settle(group, to);
  if (leaving.length > 0) tell(to);
}

/** Kolla gives these their keys, or their primary, only among those that it sees together. */
const TOGETHER = ['valkey', 'keystone'];
const togetherIn = (tags: readonly string[]): string[] => TOGETHER.filter((tag) => tags.includes(tag));
/** A service is announced by the balancers only once it runs: their own steps do it, and no run of its tag. */
const UNANNOUNCED = { extra: ['--skip-tags', 'loadbalancer'] };

export function addControllers(plan: Planning): void {
  const group = 'control';
  const [now, joining] = [plan.members[group], plan.joining(group)];
  if (joining.length === 0) return;
  const tags = plan.tagsOf(group);
  const together = togetherIn(tags);
  const all = union(now, joining);
  plan.settle(group, all);
  plan.add(
    `add controllers ${joining.join(', ')}`,
    [
      play('deploy', together, all, { oneByOne: true, ...UNANNOUNCED }),
      play('deploy', without(tags, TOGETHER), joining, UNANNOUNCED),
      play('check', tags, joining),
    ],
    { unavailable: alone(now) },
  );
}

/** Before members leave that others name and call, nobody does it any more. */
export function partFrom(plan: Planning): void {
  const going = (group: Moving) => plan.leaving(group).length + plan.dead(group).length > 0;
  // While databases of OVN leave, and those that stay restart one by one, Neutron needs those that came.
  const ovn = 'ovn-database';
  const came = without(plan.members[ovn], plan.change.from[ovn]);
  if (!NAMED.some(going) && !(going(ovn) && came.length > 0)) return;
  const members = plan.announced(NAMED);
  if (going('control')) {
    const { control } = members;
    const together = togetherIn(plan.tagsOf('control'));
    const action = play('reconfigure', together, control, { oneByOne: true });
    const key = `reconfigure ${together.join(', ')} on ${control.join(', ')}: other controllers`;
    plan.add(key, [action], { members, unavailable: alone(control) });
  }
  plan.tell(members);
}

/** Nobody sends requests there any more, and nobody looks for their caches. */
export function removeControllers(plan: Planning): void {
  const group = 'control';
  const { to: wanted, off } = plan.change;
  const to = wanted[group];
  for (const host of [...plan.leaving(group), ...plan.dead(group)]) {
    const isOff = off.has(host);
    const after = plan.with(group, without(plan.members[group], [host]));
    const containers = isOff ? [] : plan.containersGone(host, plan.members, after);
    plan.add(`remove controller ${host}`, [
      ...(isOff ? [] : [{ kind: 'units', host, containers } as const]),
      { kind: 'api', does: 'forget-controller', host },
      ...(wanted.storage.includes(host) ? [] : forgetVolumes(host, to)),
    ]);
    plan.settle(group, after[group]);
  }
}

function alone(controllers: readonly string[]): string[] {
  return controllers.length < 2 ? ['Keystone, while the only controller restarts it'] : [];
}

export function moveGateways(plan: Planning): void {
  const group = 'network';
  const { to: wanted } = plan.change;
  const [to, joining, leaving] = [wanted[group], plan.joining(group), plan.leaving(group)];
  const all = union(plan.members[group], to);
  plan.settle(group, all);
  if (joining.length > 0)
    plan.add(`add gateways ${joining.join(', ')}`, [
      ...plan.deploys(plan.tagsOf(group), joining, UNANNOUNCED),
      ...joining.map((host) => verify({ kind: 'agents', host, isThere: true })),
    ]);
  for (const host of leaving) {
    const after = plan.with(group, without(plan.members[group], [host]));
    const stays = plan.members.compute.includes(host);
    plan.add(
      `remove gateway ${host}`,
      [
        command(host, ['ovs-vsctl', '--no-wait', 'remove', 'Open_vSwitch', '.', 'external_ids', 'ovn-cms-options'], {
          container: 'openvswitch_vswitchd',
        }),
        { kind: 'units', host, containers: plan.containersGone(host, plan.members, after) },
        ...(stays ? [] : forgetAgents(host)),
      ],
      { unavailable: ['floating addresses whose router was on this gateway, until another one has it'] },
    );
    plan.settle(group, after[group]);
  }
  for (const host of plan.dead(group)) plan.add(`forget gateway ${host}`, forgetAgents(host));
}

export function forgetAgents(host: string): Action[] {
  return [{ kind: 'api', does: 'forget-agents', host }, verify({ kind: 'agents', host, isThere: false })];
}

export function forgetVolumes(host: string, by: readonly string[]): Action[] {
  return [{ kind: 'forget-volumes', host, by }, verify({ kind: 'volumes', host, isThere: false })];
}
