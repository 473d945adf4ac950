import { type Members, type Moving, union, without } from './members.ts';
import { check, type Effect, type GrowCommand, type GrowStep, inside, kolla } from './step.ts';

/** What is known of the hosts while a plan is made. */
export interface MoveContext {
  /** `docker` or `podman`. */
  readonly engine: string;
  /** Address on the internal plane. */
  readonly addressOf: (host: string) => string;
  /** Steps that tell a group's clients of its members. */
  readonly tell: (group: Moving, members: Members) => readonly GrowStep[];
}

const TAGS: Readonly<Partial<Record<Moving, string>>> = {
  mariadb: 'mariadb',
  rabbitmq: 'rabbitmq',
  'ovn-database': 'ovn-db',
};

/**
 * Moves a service whose members agree by majority: new members join, its clients are told, old members leave one by one and are
 * forgotten, and those that stay are told whom they are now. Fewer than three are brought to three at once: with two, none may be
 * away, and Kolla restarts those that are there.
 */
export function moveQuorum(group: Moving, start: Members, to: readonly string[], context: MoveContext): GrowStep[] {
  const tag = TAGS[group] ?? group;
  const oneByOne = group === 'ovn-database';
  const steps: GrowStep[] = [];
  let members = start;
  let waiting = without(to, start[group]);
  while (waiting.length > 0) {
    const now = members[group];
    const batch = waiting.slice(0, now.length < 3 ? Math.max(1, 3 - now.length) : 1);
    waiting = without(waiting, batch);
    members = { ...members, [group]: union(now, batch) };
    const limit = members[group];
    steps.push({
      key: `add ${batch.join(' and ')} to ${group}`,
      members,
      commands: [
        { ...kolla('deploy', [tag], limit), oneByOne },
        ...grown(group, now, batch, context),
        check([tag], limit),
      ],
      effects: [
        { kind: 'restarts', group, hosts: now },
        { kind: 'joins', group, hosts: batch },
      ],
      unavailable: now.length < 3 ? [`${group}, while its existing members restart`] : [],
    });
    // Until there are three, clients know one member, and it restarts with each that joins.
    if (now.length < 3 && waiting.length > 0) steps.push(...context.tell(group, members));
  }
  const leaving = without(start[group], to);
  if (steps.length > 0 || leaving.length > 0) steps.push(...context.tell(group, { ...members, [group]: to }));
  for (const host of leaving) {
    const stay = without(members[group], [host]);
    steps.push(leave(group, tag, host, members, stay, to[0] ?? '', context));
    members = { ...members, [group]: stay };
  }
  if (leaving.length > 0)
    steps.push({
      key: `reconfigure ${group} on ${to.join(', ')}`,
      members: { ...members, [group]: to },
      commands: [{ ...kolla('reconfigure', [tag], to), oneByOne }, check([tag], to)],
      effects: [{ kind: 'restarts', group, hosts: to }],
      unavailable: [],
    });
  return steps;
}

/** A queue has members of its own, which no new broker becomes by joining. */
function grown(
  group: Moving,
  now: readonly string[],
  batch: readonly string[],
  { engine }: MoveContext,
): GrowCommand[] {
  const [first = ''] = now;
  if (group !== 'rabbitmq') return [];
  return batch.map((host) => inside(first, engine, 'rabbitmq', `rabbitmq-queues grow rabbit@${host} all`));
}

function leave(
  group: Moving,
  tag: string,
  host: string,
  members: Members,
  stay: readonly string[],
  by: string,
  { engine, addressOf }: MoveContext,
): GrowStep {
  const stop = kolla('stop', [tag], [host], '--ignore-missing', '--yes-i-really-really-mean-it');
  const broker = (command: string) => inside(by, engine, 'rabbitmq', command);
  const raft = (database: string, short: string, port: number) =>
    inside(
      by,
      engine,
      `ovn_${short}_db`,
      `ovs-appctl -t /var/run/ovn/ovn${short}_db.ctl cluster/kick ${database} tcp:${addressOf(host)}:${port}`,
    );
  const commands: Readonly<Partial<Record<Moving, readonly GrowCommand[]>>> = {
    mariadb: [stop],
    rabbitmq: [
      broker(`rabbitmq-queues shrink rabbit@${host}`),
      stop,
      broker(`rabbitmqctl forget_cluster_node rabbit@${host}`),
    ],
    // A member that is stopped before it is kicked still counts, and the rest may not be a majority (LP#1948680).
    'ovn-database': [raft('OVN_Northbound', 'nb', 6643), raft('OVN_Southbound', 'sb', 6644), stop],
  };
  const forgotten: Effect = { kind: 'forgotten', group, hosts: [host] };
  const stops: Effect = { kind: 'stops', group, hosts: [host] };
  return {
    key: `remove ${host} from ${group}`,
    members,
    commands: [...(commands[group] ?? [stop]), check([tag], stay)],
    effects: group === 'ovn-database' ? [forgotten, stops] : [stops, forgotten],
    unavailable: [],
  };
}
