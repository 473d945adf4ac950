import {
  addControllers,
  forgetAgents,
  forgetVolumes,
  moveBalancers,
  moveGateways,
  partFrom,
  removeControllers,
} from './front.ts';
import { byGroup, hostsIn, type Moving, QUORUMS, union, without } from './groups.ts';
import { type MemberChange, Planning } from './planning.ts';
import { grow, shrink } from './quorum.ts';
import { type MemberStep, numbered, play, verify } from './step.ts';

/** What every host runs, whatever else it does. */
const COMMON = ['logs', 'kolla_toolbox', 'cron', 'fluentd'];

/**
 * The steps from one placement of services to another, in order: new hosts are prepared, and join; whoever names those that leave is told
 * of the others, all at once, since each time is a failover of the VIP and a restart of every API; then those leave. What still names
 * others, as Neutron does OVN's databases until they have left, is told, and hosts that have left are stopped for good. Empty where nothing
 * moves. Pure.
 */
export function planMembers(change: MemberChange): MemberStep[] {
  const plan = new Planning(change);
  prepare(plan);
  for (const group of QUORUMS) grow(plan, group);
  addControllers(plan);
  moveBalancers(plan);
  partFrom(plan);
  // Those that leave are told of no other databases and brokers: they go before these.
  removeControllers(plan);
  for (const group of QUORUMS) shrink(plan, group);
  moveGateways(plan);
  moveStorage(plan);
  moveCompute(plan);
  moveOthers(plan, 'monitoring');
  plan.tell(plan.members);
  retire(plan);
  return numbered(plan.steps);
}

/** Names of the new hosts are in /etc/hosts of all, one host after the other: setting up a host may restart its container engine. */
function prepare(plan: Planning): void {
  const { from, to, off } = plan.change;
  const news = without(hostsIn(to), hostsIn(from));
  if (news.length === 0) return;
  const others = without(hostsIn(from), [...off]);
  plan.members = byGroup((group) =>
    union(
      plan.members[group],
      to[group].filter((host) => news.includes(host)),
    ),
  );
  plan.add(`prepare ${news.join(', ')}`, [
    play('bootstrap-servers', [], news),
    play('bootstrap-servers', [], others, { extra: ['--extra-vars', 'kolla_serial=1'] }),
    play('prechecks', [], news),
    play('pull', [], news),
    play('deploy', COMMON, news),
  ]);
  plan.members = byGroup((group) => without(plan.members[group], news));
}

function moveStorage(plan: Planning): void {
  const group = 'storage';
  const [joining, leaving] = [plan.joining(group), plan.leaving(group)];
  const controllers = plan.change.to.control;
  if (joining.length > 0) {
    plan.settle(group, union(plan.members[group], joining));
    const tags = ['iscsi', 'cinder', ...without(plan.tagsOf(group), ['cinder'])];
    plan.add(`add storage hosts ${joining.join(', ')}`, plan.deploys(tags, joining));
  }
  for (const host of [...leaving, ...plan.dead(group)]) {
    const after = plan.with(group, without(plan.members[group], [host]));
    const containers = [
      'cinder_volume',
      'cinder_backup',
      'iscsid',
      'tgtd',
      ...plan.containersGone(host, plan.members, after),
    ];
    plan.add(`remove storage host ${host}`, [
      { kind: 'holds-no-volumes', host },
      ...(plan.change.off.has(host) ? [] : [{ kind: 'units', host, containers } as const]),
      ...(controllers.includes(host) ? [] : forgetVolumes(host, controllers)),
    ]);
    plan.settle(group, after[group]);
  }
}

function moveCompute(plan: Planning): void {
  const group = 'compute';
  const [joining, leaving] = [plan.joining(group), plan.leaving(group)];
  if (joining.length > 0) {
    plan.settle(group, union(plan.members[group], joining));
    plan.add(`add compute hosts ${joining.join(', ')}`, [
      ...plan.deploys(plan.tagsOf(group), joining),
      ...joining.flatMap((host) => [
        { kind: 'api', does: 'enable', host } as const,
        verify({ kind: 'compute', host, isThere: true }),
        verify({ kind: 'agents', host, isThere: true }),
      ]),
    ]);
  }
  for (const host of [...leaving, ...plan.dead(group)]) {
    const isOff = plan.change.off.has(host);
    const after = plan.with(group, without(plan.members[group], [host]));
    const containers = isOff ? [] : plan.containersGone(host, plan.members, after);
    const staysGateway = plan.change.to.network.includes(host);
    plan.add(`empty compute host ${host}`, [
      { kind: 'api', does: 'disable', host },
      ...(isOff ? [{ kind: 'api', does: 'force-down', host } as const] : []),
      { kind: 'empty', host, isOff },
    ]);
    plan.add(`remove compute host ${host}`, [
      ...(isOff ? [] : [{ kind: 'units', host, containers } as const]),
      { kind: 'api', does: 'forget-compute', host },
      verify({ kind: 'compute', host, isThere: false }),
      ...(staysGateway ? [] : forgetAgents(host)),
    ]);
    plan.settle(group, after[group]);
  }
}

/** Services that nobody's memory depends on. */
function moveOthers(plan: Planning, group: Moving): void {
  const [joining, leaving] = [plan.joining(group), plan.leaving(group)];
  if (joining.length > 0) {
    plan.settle(group, union(plan.members[group], joining));
    const tags = plan.tagsOf(group);
    plan.add(`add ${group} hosts ${joining.join(', ')}`, [play('deploy', tags, joining), play('check', tags, joining)]);
  }
  for (const host of leaving) {
    const after = plan.with(group, without(plan.members[group], [host]));
    const containers = plan.containersGone(host, plan.members, after);
    plan.add(`remove ${group} host ${host}`, [{ kind: 'units', host, containers }]);
    plan.settle(group, after[group]);
  }
}

/** A host that is in no group any more runs what every host runs: it is stopped, and does not start again with the host. */
function retire(plan: Planning): void {
  const { from, to, off } = plan.change;
  for (const host of without(hostsIn(from), [...hostsIn(to), ...off]))
    plan.add(`retire ${host}`, [play('stop', COMMON, [host]), { kind: 'units', host }], {
      members: byGroup((group) =>
        from[group].includes(host) ? union(plan.members[group], [host]) : plan.members[group],
      ),
    });
}
