import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import type { InventoryGroup } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { MOVING, type Moving, membersIn, withMembers } from '../../../../lib/private-cloud/members/groups.ts';
import { inLayout } from '../../../../lib/private-cloud/members/layouts.ts';
import type { Action, MemberStep } from '../../../../lib/private-cloud/members/step.ts';
import { cloudOf } from '../kolla/layouts.ts';
import { groupsOf, type Journey, problemsOf, stepsOf } from './plans.ts';

const separated = cloudOf('separated');
const layout = (name: Cloud['layout']) => groupsOf(inLayout(separated, name));

/** The separated cloud with another number of hosts in some groups, or with groups more or less. */
function withHosts(change: Readonly<Record<string, Partial<Cloud['hosts'][string]> | undefined>>): InventoryGroup[] {
  const hosts = { ...separated.hosts } as Record<string, Cloud['hosts'][string] | undefined>;
  for (const [name, value] of Object.entries(change))
    hosts[name] =
      value === undefined ? undefined : ({ ...separated.hosts['queue-a'], ...hosts[name], ...value } as never);
  const kept = Object.fromEntries(Object.entries(hosts).filter(([, value]) => value !== undefined));
  return groupsOf({ ...separated, hosts: kept as Cloud['hosts'] });
}

/** Every role of a host of its own, with the group of the configuration that has it in rack c. */
const ROLES = {
  database: 'database-c',
  queue: 'queue-c',
  ovn: 'ovn-c',
  balancer: 'balancer-c',
  control: 'control-c',
} as const;

const actionsOf = (steps: readonly MemberStep[]): readonly Action[] => steps.flatMap(({ actions }) => actions);

describe('a plan to grow', () => {
  it.each([
    ['starter', 'converged'],
    ['starter', 'separated'],
    ['converged', 'separated'],
    ['separated', 'converged'],
  ] as const)('from %s to %s breaks nothing on the way', async (from, to) => {
    const journey: Journey = { standing: layout(from), wanted: layout(to) };
    expect(stepsOf(journey).length).toBeGreaterThan(5);
    expect(await problemsOf(journey)).toEqual([]);
  });

  it('says what is unavailable only where there are too few to do better', () => {
    const steps = stepsOf({ standing: layout('converged'), wanted: layout('separated') });
    expect([...new Set(steps.flatMap(({ unavailable }) => unavailable))]).toEqual([
      'the VIP, for one failover',
      'floating addresses whose router was on this gateway, until another one has it',
    ]);
    const starter = stepsOf({ standing: layout('starter'), wanted: layout('converged') });
    expect(starter.flatMap(({ unavailable }) => unavailable)).toContain('mariadb, while its existing members restart');
  });
});

it('Neutron is told of databases of OVN that came before the only one that it knows restarts', async () => {
  const standing = withMembers(bare, membersIn(layout('separated')));
  const databases = membersIn(standing)['ovn-database'];
  const wanted = withMembers(bare, {
    ...membersIn(standing),
    'ovn-database': [...databases.slice(0, 1), 'host-1', 'host-2'],
  });
  expect(await problemsOf({ standing, wanted })).toEqual([]);
});

it('Neutron is told of each database of OVN until it has left: it takes the leader alone, and may wait for it for ever', () => {
  const standing = layout('converged');
  const steps = stepsOf({ standing, wanted: layout('separated') });
  const left = new Set<string>();
  const missed: string[] = [];
  let told = 0;
  for (const { key, members, actions } of steps)
    for (const action of actions) {
      if (action.kind === 'kick') left.add(action.host);
      if (action.kind !== 'play' || !action.play.tags.includes('neutron') || action.play.verb === 'stop') continue;
      told += 1;
      for (const host of membersIn(standing)['ovn-database'])
        if (!left.has(host) && !members['ovn-database'].includes(host)) missed.push(`${key}: ${host}`);
    }
  expect(left.size).toBe(3);
  expect(told).toBeGreaterThan(1);
  expect(missed).toEqual([]);
});

describe('hosts that come and go', () => {
  const compute = (count: number) => withHosts({ compute: { count } });

  const changes: readonly (readonly [string, InventoryGroup[], InventoryGroup[]])[] = [
    ['a compute host comes', compute(1), compute(2)],
    ['a compute host goes', compute(3), compute(2)],
    ...Object.entries(ROLES).flatMap(([role, group]): [string, InventoryGroup[], InventoryGroup[]][] => [
      [
        `a ${role} host is replaced`,
        withHosts({}),
        withHosts({ [group]: undefined, [`${group}2`]: { ...separated.hosts[group], firstAddress: '10.10.0.90' } }),
      ],
      [`two ${role} hosts come`, withHosts({}), withHosts({ [group]: { count: 3, firstAddress: '10.10.0.120' } })],
      [
        `two ${role} hosts go`,
        withHosts({ [group]: { count: 3, firstAddress: '10.10.0.120' } }),
        withHosts({ [group]: { count: 1, firstAddress: '10.10.0.120' } }),
      ],
    ]),
  ];
  it.each(changes)('%s', async (_name, standing, wanted) => {
    expect(stepsOf({ standing, wanted }).length).toBeGreaterThan(1);
    expect(await problemsOf({ standing, wanted })).toEqual([]);
  });

  it.each(Object.entries(ROLES))(
    'a %s host that is off is replaced, and nothing is done on it',
    async (_role, group) => {
      const [standing, wanted] = [
        withHosts({}),
        withHosts({ [group]: undefined, [`${group}2`]: { ...separated.hosts[group], firstAddress: '10.10.0.90' } }),
      ];
      const off = [`${group}-1`];
      expect(await problemsOf({ standing, wanted, off })).toEqual([]);
      const touched = actionsOf(stepsOf({ standing, wanted, off })).flatMap((action) =>
        action.kind === 'play'
          ? action.play.limit
          : action.kind === 'command'
            ? [action.command.host]
            : action.kind === 'units'
              ? [action.host]
              : [],
      );
      expect(touched).not.toContain(off[0]);
    },
  );

  it('load balancers restart once for all of it, and twice where one takes the place of another', () => {
    const converged = cloudOf('converged');
    const controllers = (...racks: readonly string[]) => {
      const own = racks.map((rack, at) => [
        `control-${rack}`,
        { ...converged.hosts['control-a'], firstAddress: `10.10.0.${at + 90}` },
      ]);
      return groupsOf({ ...converged, hosts: Object.fromEntries(own) as Cloud['hosts'] });
    };
    const restarts = (standing: InventoryGroup[], wanted: InventoryGroup[]) =>
      stepsOf({ standing, wanted }).filter(({ actions }) =>
        actions.some(
          (action) =>
            action.kind === 'play' && action.play.verb === 'reconfigure' && action.play.tags.includes('loadbalancer'),
        ),
      );
    const [three, four] = [controllers('a', 'b', 'c'), controllers('a', 'b', 'c', 'd')];
    expect(restarts(three, four).map(({ key }) => key)).toEqual([
      expect.stringMatching(/a-1, control-b-1, control-c-1: other databases, brokers, load balancers, controllers$/),
    ]);
    expect(restarts(four, three)).toHaveLength(1);
    expect(restarts(three, controllers('a', 'b', 'd')).map(({ key }) => key.replace(/.*: /, ''))).toEqual([
      'other databases, brokers, load balancers, controllers',
      'other load balancers',
    ]);
  });

  it('a compute host that is off has its servers rebuilt elsewhere', async () => {
    const journey = { standing: compute(3), wanted: compute(2), off: ['compute-3'] };
    expect(await problemsOf(journey)).toEqual([]);
    expect(actionsOf(stepsOf(journey))).toContainEqual({ kind: 'empty', host: 'compute-3', isOff: true });
  });

  it('nothing happens where nothing moves', () => {
    fc.assert(
      fc.property(fc.constantFrom('starter', 'converged', 'separated'), (name) => {
        expect(stepsOf({ standing: layout(name), wanted: layout(name) })).toEqual([]);
      }),
    );
  });
});

/** Any placement before, of one member or an odd number of them, and any after, of at least three. */
const hosts = Array.from({ length: 12 }, (_, index) => `host-${index + 1}`);
const some = (...sizes: number[]) =>
  fc
    .tuple(fc.shuffledSubarray(hosts, { minLength: 5 }), fc.constantFrom(...sizes))
    .map(([all, size]) => all.slice(0, size));
const placement = (...sizes: number[]) =>
  fc.record(
    Object.fromEntries(
      MOVING.map((name) => [name, name === 'storage' || name === 'monitoring' ? fc.constant([]) : some(...sizes)]),
    ) as Record<Moving, fc.Arbitrary<string[]>>,
  );
const bare = groupsOf(separated).filter(({ name }) => !/^(?:rack|hosts)-|^deployment$/.test(name));

describe('between any two placements', () => {
  it('nothing is lost on the way, and nothing is left of before', async () => {
    await fc.assert(
      fc.asyncProperty(placement(1, 3, 5), placement(3, 5), async (from, to) => {
        const [standing, wanted] = [withMembers(bare, from), withMembers(bare, to)];
        expect(await problemsOf({ standing, wanted })).toEqual([]);
        const keys = stepsOf({ standing, wanted }).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the simulation names what a broken planner would do', () => {
  const journey: Journey = { standing: layout('converged'), wanted: layout('separated') };
  const broken = async (keep: (action: Action, step: MemberStep) => boolean) => {
    const steps = stepsOf(journey).map((step) => ({
      ...step,
      actions: step.actions.filter((action) => keep(action, step)),
    }));
    return (await problemsOf(journey, steps)).map(({ problem }) => problem).join('\n');
  };

  it.each([
    [
      'members of a raft that still count (LP#1948680)',
      ({ kind }: Action) => kind !== 'kick' && kind !== 'verify',
      /still counted in ovn-nb-db/,
    ],
    ['brokers that are never forgotten', ({ kind }: Action) => kind !== 'forget-broker', /counts .*control-a-1/],
    [
      'queues that get no copies',
      (action: Action) => action.kind !== 'copies' || action.change !== 'add',
      /no majority of its copies|only copy|copies/,
    ],
    [
      'queues that keep copies on a broker that went',
      (action: Action) => action.kind !== 'copies' || action.change !== 'remove',
      /copy/,
    ],
    [
      'clients that are never told',
      (_: Action, { key }: MemberStep) => !/^\d+ reconfigure .*: other /.test(key),
      /knows no running member/,
    ],
    [
      'units that start again with their host',
      ({ kind }: Action, { key }: MemberStep) => kind !== 'units' || key.includes('gateway'),
      /would start with its host again|still runs/,
    ],
    [
      'a part of a cluster that Kolla sees alone',
      (action: Action) =>
        !(action.kind === 'play' && action.play.tags.includes('mariadb') && action.play.verb === 'deploy'),
      /asked about its database/,
    ],
  ])('%s', async (_name, keep, problem) => {
    expect(await broken(keep)).toMatch(problem);
  });

  it('old members that go before new ones come', async () => {
    const problems = await problemsOf(journey, [...stepsOf(journey)].reverse());
    expect(problems.length).toBeGreaterThan(0);
  });

  it('a deploy of one new member alone, which founds a second cluster', async () => {
    const steps = stepsOf(journey).map((step) => ({
      ...step,
      actions: step.actions.map(
        (action): Action =>
          action.kind === 'play' && action.play.verb === 'deploy' && action.play.tags[0] === 'mariadb'
            ? { ...action, play: { ...action.play, limit: action.play.limit.slice(-1) } }
            : action,
      ),
    }));
    expect((await problemsOf(journey, steps)).map(({ problem }) => problem)).toContain('mariadb: a second cluster');
  });
});
