import { union, without } from './groups.ts';
import type { Planning } from './planning.ts';
import { type Action, command, play, verify } from './step.ts';

/** What serves clients: balancers, controllers, gateways. */

const VIP = ['the VIP, for one failover'];

/** The existing load balancers learn of the new ones first: one that hears no adverts takes the VIP, and then two would have it. */
export function moveBalancers(plan: Planning): void {
  const group = 'loadbalancer';
  const [now, to] = [plan.members[group], plan.change.to[group]];
  const [joining, leaving] = [plan.joining(group), plan.leaving(group)];
  const told = plan.dead(group).length > 0;
  if (joining.length + leaving.length === 0 && !told) return;
  const holds = (hosts: readonly string[]): Action[] => (plan.change.hasVips ? [verify({ kind: 'vips', hosts })] : []);
  const check = (hosts: readonly string[]) => play('check', [group], hosts);
  const all = union(now, to);
  plan.settle(group, all);
  if (joining.length > 0 || told)
    plan.add(
      `reconfigure load balancers ${now.join(', ')}${joining.length > 0 ? ` for ${joining.join(', ')}` : ''}`,
      [play('reconfigure', [group], now), check(now), ...holds(now)],
      { unavailable: now.length < 2 ? ['the VIP, while the only load balancer restarts'] : VIP },
    );
  if (joining.length > 0)
    plan.add(`add load balancers ${joining.join(', ')}`, [
      play('deploy', [group], joining),
      check(joining),
      ...holds(all),
    ]);
  for (const host of leaving)
    plan.add(
      `remove load balancer ${host}`,
      [
        play('stop', [group], [host]),
        {
          kind: 'units',
          host,
          containers: plan.containersGone(host, plan.with(group, all), plan.with(group, without(all, [host]))),
        },
        ...holds(without(all, [host])),
      ],
      { unavailable: VIP },
    );
  plan.settle(group, to);
  if (leaving.length > 0)
    plan.add(
      `reconfigure load balancers ${to.join(', ')}`,
      [play('reconfigure', [group], to), check(to), ...holds(to)],
      { unavailable: VIP },
    );
}

/** Kolla gives these their keys, or their primary, only among those that it sees together. */
const TOGETHER = ['valkey', 'keystone'];
/** A service is announced by the balancers only once it runs: their own steps do it, and no run of its tag. */
const UNANNOUNCED = { extra: ['--skip-tags', 'loadbalancer'] };

export function moveControllers(plan: Planning): void {
  const group = 'control';
  const { to: wanted } = plan.change;
  const [now, to, joining, leaving] = [plan.members[group], wanted[group], plan.joining(group), plan.leaving(group)];
  const tags = plan.tagsOf(group);
  const [together, alone] = [TOGETHER.filter((tag) => tags.includes(tag)), without(tags, TOGETHER)];
  const what = 'controllers';
  if (joining.length > 0) {
    const all = union(now, joining);
    plan.settle(group, all);
    plan.add(
      `add controllers ${joining.join(', ')}`,
      [
        play('deploy', together, all, { oneByOne: true, ...UNANNOUNCED }),
        play('deploy', alone, joining, UNANNOUNCED),
        play('check', tags, joining),
      ],
      { unavailable: now.length < 2 ? ['Keystone, while the only controller restarts it'] : [] },
    );
    plan.tell(plan.members, undefined, what);
  }
  if (leaving.length + plan.dead(group).length === 0) return;
  // First nobody sends requests there, then nobody looks for its caches, then it goes.
  plan.tell(plan.with(group, to), undefined, what);
  plan.add(
    `reconfigure ${together.join(', ')} on ${to.join(', ')}`,
    [play('reconfigure', together, to, { oneByOne: true })],
    {
      members: plan.with(group, to),
      unavailable: to.length < 2 ? ['Keystone, while the only controller restarts it'] : [],
    },
  );
  for (const host of [...leaving, ...plan.dead(group)]) {
    const isOff = plan.change.off.has(host);
    const after = plan.with(group, without(plan.members[group], [host]));
    const containers = isOff ? [] : plan.containersGone(host, plan.members, after);
    plan.add(`remove controller ${host}`, [
      ...(isOff ? [] : [{ kind: 'units', host, containers } as const]),
      { kind: 'api', does: 'forget-controller', host },
      ...(plan.change.to.storage.includes(host) ? [] : forgetVolumes(host, to)),
    ]);
    plan.settle(group, after[group]);
  }
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
