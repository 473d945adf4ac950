import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLayout } from '../../../../lib/private-cloud/growth/layouts.ts';
import { type Members, MOVING, membersIn } from '../../../../lib/private-cloud/growth/members.ts';
import { planGrowth } from '../../../../lib/private-cloud/growth/plan.ts';
import { simulateGrowth } from '../../../../lib/private-cloud/growth/simulate.ts';
import type { GrowStep } from '../../../../lib/private-cloud/growth/step.ts';
import { inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { cloudOf } from '../kolla/layouts.ts';

const separated = cloudOf('separated');
const inventory = inventoryGroups(topologyOf('cloud', separated), true);
const membersOfLayout = (layout: 'starter' | 'converged' | 'separated'): Members =>
  membersIn(inventoryGroups(topologyOf('cloud', inLayout(separated, layout)), true));
const plan = (from: Members, to: Members): GrowStep[] =>
  planGrowth({ from, to, inventory, engine: 'docker', addressOf: (host) => `address-of-${host}` });

/** Any placement before, of one member or an odd number of them, and any after, of at least three. */
const hosts = Array.from({ length: 12 }, (_, index) => `host-${index + 1}`);
const some = (...sizes: number[]) =>
  fc
    .tuple(fc.shuffledSubarray(hosts, { minLength: 5 }), fc.constantFrom(...sizes))
    .map(([all, size]) => all.slice(0, size));
const placement = (...sizes: number[]) =>
  fc.record(Object.fromEntries(MOVING.map((name) => [name, some(...sizes)]))) as unknown as fc.Arbitrary<Members>;
/** Controllers only come. */
const journey = fc
  .tuple(placement(1, 3, 5), placement(3, 5))
  .map(([from, to]) => [from, { ...to, control: [...new Set([...from.control, ...to.control])] }] as const);
/** Every quorum service leaves all its hosts: what a mistake in the order breaks. */
const removal = (): readonly [Members, Members] => [membersOfLayout('converged'), membersOfLayout('separated')];

describe('a plan to grow', () => {
  it.each([
    ['starter', 'converged'],
    ['starter', 'separated'],
    ['converged', 'separated'],
    ['separated', 'converged'],
  ] as const)('from %s to %s loses no majority and no address', (from, to) => {
    const steps = plan(membersOfLayout(from), membersOfLayout(to));
    expect(steps.length).toBeGreaterThan(5);
    expect(simulateGrowth(steps, membersOfLayout(from), membersOfLayout(to))).toEqual([]);
  });

  it('loses none between any two placements', () => {
    fc.assert(
      fc.property(journey, ([from, to]) => {
        const steps = plan(from, to);
        expect(simulateGrowth(steps, from, to)).toEqual([]);
        expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
      }),
    );
  });

  it('says what is unavailable only where there are too few to do better', () => {
    const quorums = plan(...removal()).filter(({ effects }) =>
      effects.some(({ group }) => group === 'mariadb' || group === 'rabbitmq'),
    );
    expect(quorums.flatMap(({ unavailable }) => unavailable)).toEqual([]);
    const [, first] = plan(membersOfLayout('starter'), membersOfLayout('converged'));
    expect(first?.unavailable).toEqual(['mariadb, while its existing members restart']);
  });

  it('is empty where nothing moves', () => {
    fc.assert(
      fc.property(placement(3, 5), (members) => {
        expect(plan(members, members)).toEqual([]);
      }),
    );
  });

  it('kicks a member out of the raft before it stops it, by its address', () => {
    const step = plan(...removal()).find(({ key }) => key.endsWith('remove control-a-1 from ovn-database'));
    expect(step?.commands.map(({ program, args }) => [program, ...args].join(' '))).toEqual([
      'ansible ovn-a-1 --become --module-name ansible.builtin.command --args docker exec ovn_nb_db ovs-appctl -t /var/run/ovn/ovnnb_db.ctl cluster/kick OVN_Northbound tcp:address-of-control-a-1:6643',
      'ansible ovn-a-1 --become --module-name ansible.builtin.command --args docker exec ovn_sb_db ovs-appctl -t /var/run/ovn/ovnsb_db.ctl cluster/kick OVN_Southbound tcp:address-of-control-a-1:6644',
      'kolla-ansible stop --tags ovn-db --limit control-a-1 --ignore-missing --yes-i-really-really-mean-it',
      'kolla-ansible check --tags ovn-db --limit control-b-1,control-c-1,ovn-a-1,ovn-b-1,ovn-c-1',
    ]);
  });

  it('takes a broker out of every queue, stops it, and has the others forget it', () => {
    const step = plan(...removal()).find(({ key }) => key.endsWith('remove control-b-1 from rabbitmq'));
    const commands = step?.commands.map(({ args }) => args.join(' ')) ?? [];
    expect(commands[0]).toContain('rabbitmq-queues shrink rabbit@control-b-1');
    expect(commands[1]).toMatch(/^stop --tags rabbitmq --limit control-b-1 /);
    expect(commands[2]).toContain('rabbitmqctl forget_cluster_node rabbit@control-b-1');
  });

  it('gives OVN’s databases whole groups, host by host, since Kolla refuses a part and restarts together', () => {
    const kolla = plan(...removal()).flatMap(({ commands }) => commands.filter(({ args }) => args.includes('ovn-db')));
    for (const { args, oneByOne } of kolla.filter(({ args: all }) => all[0] === 'deploy' || all[0] === 'reconfigure')) {
      expect(oneByOne).toBe(true);
      expect(args.at(-1)?.split(',').length).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('the simulation names what a broken planner would do', () => {
  const broken = (breakIt: (steps: GrowStep[]) => GrowStep[]) => {
    const [from, to] = removal();
    return simulateGrowth(breakIt(plan(from, to)), from, to);
  };
  const without = (kind: string) => (steps: GrowStep[]) =>
    steps.map((step) => ({ ...step, effects: step.effects.filter((effect) => effect.kind !== kind) }));

  it.each([
    ['members that are never forgotten (LP#1948680)', without('forgotten'), /no majority/],
    ['clients that are never told', without('told'), /know no running member/],
    ['no new members', without('joins'), /no majority|no member is left/],
    ['old members that stay', without('stops'), /has .* not /],
    ['old ones before new ones', (steps: GrowStep[]) => [...steps].reverse(), /no majority|know no running member/],
  ])('%s', (_name, breakIt, problem) => {
    const found = broken(breakIt);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((each) => each.problem).join('\n')).toMatch(problem);
  });

  it('two members that restart at once', () => {
    const [from, to] = [membersOfLayout('converged'), membersOfLayout('converged')];
    const stop = { kind: 'stops', group: 'mariadb', hosts: from.mariadb.slice(0, 2) } as const;
    const step = { key: 'both', members: from, commands: [], effects: [stop], unavailable: [] };
    expect(simulateGrowth([step], from, to)[0]?.problem).toBe('1 of 3 members are no majority');
  });
});
