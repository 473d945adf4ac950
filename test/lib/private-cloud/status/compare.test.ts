import { describe, expect, it } from 'vitest';
import type { Membership } from '../../../../lib/private-cloud/members/membership.ts';
import { compareStatus } from '../../../../lib/private-cloud/status/compare.ts';
import { AREAS, type FoundCloud, type LiveApi } from '../../../../lib/private-cloud/status/report.ts';
import type { ContainerState } from '../../../../lib/private-cloud/status/survey.ts';
import { asConfigured, expected } from './cloud.ts';

type Change = readonly [area: string, what: string, change: () => FoundCloud, said: RegExp];

function withMembers(change: (membership: Membership) => Partial<Membership>) {
  const found = asConfigured();
  return { ...found, membership: { ...found.membership, ...change(found.membership) } };
}

function withApi(change: (api: LiveApi) => Partial<LiveApi>) {
  const found = asConfigured();
  return { ...found, api: { ...found.api, ...change(found.api) } };
}

function withContainers(host: string, change: (containers: readonly ContainerState[]) => readonly ContainerState[]) {
  const found = asConfigured();
  const survey = found.surveys.get(host);
  if (survey === undefined) throw new Error(`no ${host}`);
  return {
    ...found,
    surveys: new Map([...found.surveys, [host, { ...survey, containers: change(survey.containers) }]]),
  };
}

const other = <T>(items: readonly T[], change: Partial<T>): T[] =>
  items.map((item, at) => (at === items.length - 1 ? { ...item, ...change } : item));
const nova = (change: Partial<ContainerState>) => () =>
  withContainers('control-b-1', (all) => all.map((each) => (each.name === 'nova_api' ? { ...each, ...change } : each)));

const CHANGES: readonly Change[] = [
  [
    'database',
    'a member that is not synced',
    () => withMembers(({ database }) => ({ database: other(database, { synced: false }) })),
    /is not synced/,
  ],
  [
    'database',
    'a member that counts two',
    () => withMembers(({ database }) => ({ database: other(database, { size: 2 }) })),
    /counts 2/,
  ],
  [
    'database',
    'two clusters',
    () => withMembers(({ database }) => ({ database: other(database, { uuid: 'v' }) })),
    /2 clusters/,
  ],
  [
    'brokers',
    'a broker that does not run',
    () => withMembers(({ brokers }) => ({ brokers: other(brokers, { running: ['queue-a-1', 'queue-c-1'] }) })),
    /sees queue-a-1, queue-c-1$/,
  ],
  [
    'brokers',
    'a broker that was never forgotten',
    () =>
      withMembers(({ brokers }) => ({
        brokers: other(brokers, { known: ['queue-a-1', 'queue-b-1', 'queue-c-1', 'queue-d-1'] }),
      })),
    /counts it/,
  ],
  [
    'brokers',
    'a partition',
    () => withMembers(({ brokers }) => ({ brokers: other(brokers, { partitions: ['queue-b-1'] }) })),
    /parted from queue-b-1/,
  ],
  [
    'queues',
    'a stream of two copies',
    () => withMembers(({ queues }) => ({ queues: other(queues, { members: ['queue-a-1', 'queue-b-1'] }) })),
    /compute_fanout/,
  ],
  [
    'queues',
    'a copy that is not online',
    () => withMembers(({ queues }) => ({ queues: other(queues, { online: ['queue-a-1', 'queue-b-1'] }) })),
    /2 of 3 online/,
  ],
  [
    'OVN databases',
    'no leader',
    () =>
      withMembers(({ raft }) => ({
        raft: raft.map((each) => (each.database === 'OVN_Southbound' ? { ...each, role: 'candidate' } : each)),
      })),
    /0 leaders/,
  ],
  [
    'OVN databases',
    'a member that has left and is counted',
    () =>
      withMembers(({ raft }) => ({
        raft: other(raft, { servers: [...(raft[0]?.servers ?? []), { id: 'ffff', address: 'tcp:10.10.0.99:6644' }] }),
      })),
    /tcp:10\.10\.0\.99:6644/,
  ],
  [
    'VIPs',
    'a VIP on two hosts',
    () => withMembers(({ vips }) => ({ vips: other(vips, { hosts: ['balancer-a-1', 'balancer-b-1'] }) })),
    /balancer-a-1 and balancer-b-1/,
  ],
  ['VIPs', 'a VIP on none', () => withMembers(({ vips }) => ({ vips: other(vips, { hosts: [] }) })), /none has it/],
  [
    'compute services',
    'a disabled one',
    () => withApi(({ compute }) => ({ compute: other(compute, { isEnabled: false, disabledReason: 'disk' }) })),
    /disabled \(disk\)/,
  ],
  [
    'compute services',
    'one that Nova does not know',
    () => withApi(({ compute }) => ({ compute: compute.slice(1) })),
    /Nova knows none/,
  ],
  [
    'compute services',
    'one of a host that has left',
    () =>
      withApi(({ compute }) => ({
        compute: [...compute, { id: 'x', host: 'compute-z-1', isUp: false, isEnabled: true }],
      })),
    /Nova counts/,
  ],
  [
    'network agents',
    'a dead one',
    () => withApi(({ agents }) => ({ agents: other(agents, { isAlive: false }) })),
    /OVN is down/,
  ],
  [
    'volume services',
    'one that is down',
    () => withApi(({ volumes }) => ({ volumes: other(volumes, { isUp: false }) })),
    /down/,
  ],
  [
    'spare capacity',
    'a host that must not fail',
    () =>
      withApi(() => ({ spare: { servers: 7, lacks: [{ host: 'compute-a-1', why: '2 servers would find no host' }] } })),
    /2 servers/,
  ],
  [
    'certificates',
    'one that ends soon',
    () => ({ ...asConfigured(), certificates: [{ name: 'vip', state: 'soon', daysLeft: 9, problems: [] }] }),
    /vip: ends in 9 days/,
  ],
  [
    'certificates',
    'one that is broken',
    () => ({
      ...asConfigured(),
      certificates: [{ name: 'vip', state: 'broken', daysLeft: 90, problems: ['it does not carry x'] }],
    }),
    /it does not carry x/,
  ],
  [
    'containers',
    'one that is not there',
    () => withContainers('control-b-1', (all) => all.filter(({ name }) => name !== 'nova_api')),
    /is not there/,
  ],
  ['containers', 'one that stopped', nova({ state: 'exited' }), /exited/],
  ['containers', 'one that is not healthy', nova({ health: 'unhealthy' }), /unhealthy/],
  ['containers', 'one that runs with older files', nova({ isStale: true }), /newer than its start/],
  ['containers', 'one of another image than its likes', nova({ image: 'kolla/nova_api:2025.2' }), /2025\.2/],
  [
    'containers',
    'one that belongs elsewhere',
    () =>
      withContainers('control-b-1', (all) => [
        ...all,
        { name: 'mariadb', image: 'kolla/mariadb:2026.1', state: 'running', health: 'healthy', isStale: false },
      ]),
    /mariadb on control-b-1/,
  ],
];

describe('the status of a cloud', () => {
  it('has no difference where all is as configured, and counts what answered', () => {
    const { differences, asked } = compareStatus(expected, asConfigured());
    expect(differences).toEqual([]);
    expect(asked.filter(({ count }) => count === 0)).toEqual([]);
    expect(asked.find(({ area }) => area === 'hosts')?.count).toBe(37);
    expect(asked.find(({ area }) => area === 'containers')?.count).toBeGreaterThan(300);
  });

  it('expects containers as Kolla names them: the relay of the southbound database has a number', () => {
    expect([...(expected.containers.get('ovn-a-1') ?? [])].filter((name) => name.includes('relay'))).toEqual([
      'ovn_sb_db_relay_1',
    ]);
  });

  it.each(CHANGES)('%s: tells of %s, and of nothing else', (area, _, change, said) => {
    const { differences } = compareStatus(expected, change());
    expect(differences.map((each) => each.area)).toEqual([area]);
    const [{ subject, found } = { subject: '', found: '' }] = differences;
    expect(`${subject}: ${found}`).toMatch(said);
  });

  it('tells of every area at least one difference above, but for hosts', () => {
    expect(new Set(CHANGES.map(([area]) => area))).toEqual(new Set(AREAS.filter((area) => area !== 'hosts')));
  });

  it('says of a host that does not answer that alone, and judges nothing that it alone would know', () => {
    const found = asConfigured();
    const surveys = new Map([...found.surveys].filter(([host]) => host !== 'balancer-a-1'));
    const membership = {
      ...found.membership,
      vips: found.membership.vips.map((vip) => ({ ...vip, hosts: [] })),
      unanswered: [{ host: 'balancer-a-1', what: 'vips' as const, why: 'ip ended with exit code 255' }],
    };
    const { differences } = compareStatus(expected, { ...found, surveys, membership });
    expect(differences).toEqual([
      { area: 'hosts', subject: 'balancer-a-1', expected: 'answers', found: 'does not answer' },
    ]);
  });

  it('says of a host that answers what it did not say', () => {
    const found = withMembers(({ database }) => ({
      database: database.slice(1),
      unanswered: [{ host: 'database-a-1', what: 'database', why: 'mariadb ended with exit code 1' }],
    }));
    expect(compareStatus(expected, found).differences).toEqual([
      { area: 'database', subject: 'database-a-1', expected: 'answers', found: 'mariadb ended with exit code 1' },
    ]);
  });

  it('goes on without the APIs', () => {
    const { differences, asked } = compareStatus(expected, { ...asConfigured(), api: { why: 'no answer' } });
    expect(differences).toEqual([
      { area: 'compute services', subject: 'the API', expected: 'answers', found: 'no answer' },
    ]);
    expect(asked.find(({ area }) => area === 'network agents')?.count).toBe(0);
  });
});
