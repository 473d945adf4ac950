import { type QuorumGroup, union, without } from './groups.ts';
import type { Planning } from './planning.ts';
import { RAFT_DATABASES, raftAddress } from './questions.ts';
import { type Action, command, type Expectation, play, verify } from './step.ts';

interface QuorumKind {
  readonly tag: string;
  /** Groups of the inventory that clients look their members up in. */
  readonly groups: readonly string[];
  readonly expects: Extract<Expectation, { hosts: unknown }>['kind'];
  /** Volumes without which a member that left can join again: with what it knows it could not. */
  readonly volumes: readonly string[];
}

const KINDS: Readonly<Record<QuorumGroup, QuorumKind>> = {
  mariadb: {
    tag: 'mariadb',
    groups: ['mariadb'],
    expects: 'database',
    volumes: [],
  },
  rabbitmq: {
    tag: 'rabbitmq',
    groups: ['rabbitmq'],
    expects: 'brokers',
    volumes: ['rabbitmq'],
  },
  'ovn-database': {
    tag: 'ovn-db',
    groups: ['ovn-nb-db', 'ovn-sb-db', 'ovn-sb-db-relay'],
    expects: 'raft',
    volumes: ['ovn_nb_db', 'ovn_sb_db'],
  },
};

/**
 * New members of a service whose members agree by majority join; those that are off are forgotten before. Fewer than three are brought to
 * three at once: with two, none may be away, and Kolla restarts those that are there. After each, the members themselves are asked.
 */
export function grow(plan: Planning, group: QuorumGroup): void {
  const { tag, expects } = KINDS[group];
  const oneByOne = group === 'ovn-database';
  // What runs beside each member: exporters.
  const beside = without(plan.tagsOf(group), [tag]);
  const now = () => plan.members[group];
  for (const [at, host] of plan.dead(group).entries())
    plan.add(`forget ${host} of ${group}`, [
      ...forget(plan, group, host, now()),
      verify({ kind: expects, hosts: now(), perhaps: [...plan.dead(group).slice(at + 1), ...plan.joining(group)] }),
    ]);
  for (let waiting = plan.joining(group); waiting.length > 0; ) {
    const before = now();
    const batch = waiting.slice(0, before.length < 3 ? Math.max(1, 3 - before.length) : 1);
    waiting = without(waiting, batch);
    plan.settle(group, union(before, batch));
    plan.add(
      `add ${batch.join(' and ')} to ${group}`,
      [
        ...(group === 'mariadb' && before.length === 1
          ? [aroundOne(before[0] ?? '', now())]
          : [play('deploy', [tag], now(), { oneByOne })]),
        ...(beside.length > 0 ? [play('deploy', beside, batch)] : []),
        ...(group === 'rabbitmq' ? give(batch, before) : []),
        verify({ kind: expects, hosts: now(), perhaps: plan.change.off.size > 0 ? waiting : [] }),
      ],
      { unavailable: before.length < 3 ? [`${group}, while its existing members restart`] : [] },
    );
    // Until there are three, clients know one member, and it restarts with each that joins.
    if (before.length < 3 && waiting.length > 0) plan.tell(plan.members, { groups: KINDS[group].groups });
  }
}

/**
 * Old members leave one by one and are forgotten, once nobody needs them any more; those that stay, and those that took part without one
 * that is off, are told whom they are now.
 */
export function shrink(plan: Planning, group: QuorumGroup): void {
  const { tag, expects } = KINDS[group];
  const to = plan.change.to[group];
  const [dead, leaving] = [plan.dead(group), plan.leaving(group)];
  const now = () => plan.members[group];
  // A queue has copies on some of the brokers, also one that was declared since new ones joined: those that stay must have as many before others go.
  if (group === 'rabbitmq' && leaving.length > 0)
    plan.add(`give queues copies on ${to.join(', ')}`, [...give(to, now()), verify({ kind: expects, hosts: now() })]);
  for (const host of leaving) {
    const stay = without(now(), [host]);
    plan.add(`remove ${host} from ${group}`, [
      ...leave(plan, group, host, stay),
      verify({ kind: expects, hosts: stay }),
    ]);
    plan.settle(group, stay);
  }
  if (leaving.length + dead.length === 0) return;
  plan.settle(group, to);
  plan.add(
    `reconfigure ${group} on ${to.join(', ')}`,
    [play('reconfigure', [tag], to, { oneByOne: group === 'ovn-database' }), verify({ kind: expects, hosts: to })],
    { unavailable: to.length < 3 ? [`${group}, while its members restart`] : [] },
  );
}

/**
 * A database that restarts alone, and is to look for others, finds no majority and ends: a deployment restarts it before the others start
 * (seen with MariaDB 10.11: "failed to reach primary view"). Kolla's recovery configures all, founds the cluster on the named host, which
 * has all the data there is, and starts the others on it.
 */
function aroundOne(host: string, all: readonly string[]): Action {
  return play('mariadb-recovery', ['mariadb'], all, {
    extra: ['--extra-vars', `mariadb_recover_inventory_name=${host}`],
  });
}

/** Every queue and stream that has none gets a copy on each of these brokers. */
function give(hosts: readonly string[], by: readonly string[]): Action[] {
  return hosts.map((host) => ({ kind: 'copies', change: 'add', host, by }));
}

/** @param stay those that remain, whom the commands run on */
function leave(plan: Planning, group: QuorumGroup, host: string, stay: readonly string[]): Action[] {
  const { tag, volumes } = KINDS[group];
  const { engine } = plan.change;
  const containers = plan.containersGone(host, plan.members, plan.with(group, stay));
  const stop: readonly Action[] = [play('stop', [tag], [host]), { kind: 'units', host, containers }];
  const forgotten = forget(plan, group, host, stay);
  const wiped = volumes.flatMap((volume) => [
    command(host, [engine, 'rm', '--force', volume]),
    command(host, [engine, 'volume', 'rm', '--force', volume]),
  ]);
  // A member of a raft that is stopped before it is kicked still counts, and the rest may not be a majority (LP#1948680).
  if (group === 'ovn-database') return [...forgotten, verify({ kind: 'raft', hosts: stay }), ...stop, ...wiped];
  if (group === 'mariadb') return [...stop];
  const copies: Action = { kind: 'copies', change: 'remove', host, by: stay };
  return [
    { kind: 'drain-broker', host },
    // Once more, for queues that were declared meanwhile: a broker that is drained gets no copies of new ones.
    ...give(plan.change.to[group], stay),
    copies,
    ...stop,
    { kind: 'forget-broker', host, by: stay },
    ...wiped,
  ];
}

/** What the others do so that they no longer count a member; Galera counts those that it sees. */
function forget(plan: Planning, group: QuorumGroup, host: string, by: readonly string[]): Action[] {
  if (group === 'mariadb') return [];
  if (group === 'rabbitmq')
    return [
      { kind: 'copies', change: 'remove', host, by },
      { kind: 'forget-broker', host, by },
      // What had a copy there has as many again on those that are left.
      ...give(
        by.filter((each) => plan.change.to[group].includes(each)),
        by,
      ),
    ];
  const address = plan.change.addressOf(host);
  return RAFT_DATABASES.map((database) => ({
    kind: 'kick',
    database,
    host,
    address: raftAddress(address, database),
    by,
  }));
}
