import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Demand, ServerDemand } from '../../../lib/config/demand.ts';
import { checkFit, describeShortage, type FitInputs } from '../../../lib/dev/preflight.ts';
import type { CloudSnapshot, HostRoom } from '../../../lib/openstack-api/snapshot.ts';
import { placeServers } from '../../../lib/private-cloud/placement/placement.ts';

const host = (name: string, zone: string, more: Partial<HostRoom> = {}): HostRoom => ({
  name,
  zone,
  vcpus: 64,
  memoryMiB: 65_536,
  diskGiB: 1000,
  ...more,
});
const server = (name: string, more: Partial<ServerDemand> = {}): ServerDemand => ({
  id: `x/${name}`,
  lease: 'x',
  tier: 'web',
  flavor: 'small',
  vcpus: 2,
  memoryMiB: 4096,
  diskGiB: 20,
  zone: 'a',
  group: undefined,
  ...more,
});
const demand = (lease: string, servers: readonly ServerDemand[], more: Partial<Demand> = {}): Demand => ({
  lease,
  tiers: [],
  servers,
  instances: servers.length,
  serverGroups: 0,
  serverGroupMembers: 0,
  volumes: 0,
  volumeGiB: 0,
  volumeGiBByType: {},
  floatingAddresses: 0,
  externalAddresses: 0,
  loadBalancers: 0,
  members: 0,
  networks: 1,
  routers: 1,
  ports: 4,
  prefixLength: 24,
  ...more,
});
const room: CloudSnapshot = {
  hosts: [host('a1', 'a'), host('a2', 'a'), host('b1', 'b')],
  volumeGiB: 1000,
  externalAddresses: 10,
  subnetPool: { prefixes: ['10.201.0.0/22'], taken: ['10.201.1.0/24'] },
  quotas: [],
};
const shortages = (wanted: Demand, more: Partial<FitInputs> = {}) =>
  checkFit({ wanted, pending: [], snapshot: room, ...more });
const codes = (wanted: Demand, more: Partial<FitInputs> = {}) => shortages(wanted, more).map(({ code }) => code);

describe('the check beforehand', () => {
  it('finds nothing lacking where there is room', () => {
    expect(codes(demand('x', [server('web-1'), server('web-2', { zone: 'b' })]))).toEqual([]);
  });

  it('names what is lacking, where, how much, and what to do', () => {
    const [shortage] = shortages(
      demand(
        'x',
        [1, 2, 3].map((n) => server(`db-${n}`, { memoryMiB: 50_000 })),
      ),
    );
    expect(shortage).toMatchObject({ code: 'memory', where: 'zone a', needed: 150_000, available: 131_072 });
    expect(describeShortage(shortage!)).toMatch(
      /^memory: zone a needs 150000 MiB of memory and has 131072, which is 18928 too few; lower counts/,
    );
  });

  it('adds up all pending leases, the wanted one once', () => {
    const big = (lease: string) => demand(lease, [server('db-1', { memoryMiB: 60_000 })]);
    expect(codes(big('x'), { pending: [big('y'), big('x')] })).toEqual([]);
    expect(codes(big('x'), { pending: [big('y'), big('z')] })).toEqual(['memory']);
  });

  it('wants hosts enough for servers that stand apart', () => {
    const tier = (count: number) =>
      demand(
        'x',
        Array.from({ length: count }, (_, n) => server(`web-${n + 1}`, { group: 'x/web' })),
      );
    expect(codes(tier(2))).toEqual([]);
    expect(codes(tier(3))).toEqual(['hosts-apart']);
  });

  it('sees that room is there, but not in one piece', () => {
    const hosts = [host('a1', 'a', { memoryMiB: 3000 }), host('a2', 'a', { memoryMiB: 3000 })];
    expect(codes(demand('x', [server('web-1')]), { snapshot: { ...room, hosts } })).toEqual(['host-room']);
  });

  it('says so where a zone has no host that is up', () => {
    expect(codes(demand('x', [server('web-1', { zone: 'c' })]))).toEqual(['no-hosts']);
  });

  it.each([
    ['volumes', { volumeGiB: 1001 }],
    ['external-addresses', { externalAddresses: 11 }],
    ['subnets', { networks: 4 }],
  ])('counts %s', (code, more) => {
    expect(codes(demand('x', [], more))).toEqual([code]);
  });

  it('refuses nothing for what a cloud does not say', () => {
    const unknown = { ...room, volumeGiB: undefined, externalAddresses: undefined, subnetPool: undefined };
    const much = { volumeGiB: 1e9, externalAddresses: 1e9, networks: 1e6 };
    expect(codes(demand('x', [], much), { snapshot: unknown })).toEqual([]);
  });

  it('looks at quotas that the stack does not raise itself', () => {
    const quotas = [{ service: 'nova', resource: 'cores', limit: 1, used: 0 }] as const;
    const wanted = demand('x', [server('web-1')]);
    expect(codes(wanted, { snapshot: { ...room, quotas } })).toEqual(['quota-nova-cores']);
    expect(codes(wanted, { snapshot: { ...room, quotas }, planned: { 'nova-cores': 3 } })).toEqual([]);
    const unlimited = [{ service: 'nova', resource: 'cores', limit: -1, used: 0 }] as const;
    expect(codes(wanted, { snapshot: { ...room, quotas: unlimited } })).toEqual([]);
  });
});

describe('placement on a running cloud', () => {
  const servers = fc.array(
    fc.record({
      memoryMiB: fc.integer({ min: 1, max: 8192 }),
      vcpus: fc.integer({ min: 1, max: 8 }),
      apart: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  const hosts = fc.array(
    fc.record({ memoryMiB: fc.integer({ min: 0, max: 32_768 }), vcpus: fc.integer({ min: 0, max: 32 }) }),
    {
      maxLength: 8,
    },
  );

  it('never places more than there is, and leaves nothing out that a host still has room for', () => {
    fc.assert(
      fc.property(servers, hosts, (wanted, have) => {
        const all = wanted.map(({ apart, ...each }, n) =>
          server(`web-${n}`, { ...each, zone: undefined, group: apart ? 'x/web' : undefined }),
        );
        const free = have.map((each, n) => host(`h${n}`, 'a', each));
        const { unplaced } = placeServers(free, all);
        const placed = all.filter((each) => !unplaced.some(({ server: left }) => left === each));
        const total = (key: 'memoryMiB' | 'vcpus', of: readonly Record<typeof key, number>[]) =>
          of.reduce((sum, each) => sum + each[key], 0);
        for (const key of ['memoryMiB', 'vcpus'] as const)
          expect(total(key, placed)).toBeLessThanOrEqual(total(key, free));
        expect(placed.filter(({ group }) => group !== undefined).length).toBeLessThanOrEqual(free.length);
        for (const { server: left, why } of unplaced)
          if (why === 'zone') expect(free).toEqual([]);
          else expect(left).toBeDefined();
      }),
    );
  });
});
