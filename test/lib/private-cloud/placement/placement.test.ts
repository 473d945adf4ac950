import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComputeHost } from '../../../../lib/config/capacity.ts';
import { demandOf, type ServerDemand as Server } from '../../../../lib/config/demand.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import type { Project } from '../../../../lib/config/project.ts';
import { loadChecked } from '../../../../lib/private-cloud/checks/load-checked.ts';
import { roomLeft } from '../../../../lib/private-cloud/placement/capacity.ts';
import {
  type Placement,
  placeLeases,
  placeServers,
  replace,
} from '../../../../lib/private-cloud/placement/placement.ts';
import { sizingFor } from '../../../../lib/private-cloud/placement/sizing.ts';

const project = loadChecked(directoryFiles(process.cwd()), new Date('2026-11-21')).project as Project;

const hosts: fc.Arbitrary<ComputeHost[]> = fc
  .array(
    fc.record({
      zone: fc.constantFrom('x', 'y'),
      vcpus: fc.integer({ min: 4, max: 32 }),
      memoryMiB: fc.integer({ min: 4, max: 64 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map((host, at) => ({ ...host, name: `h${at}`, rack: host.zone, diskGiB: 100 })));

const servers: fc.Arbitrary<Server[]> = fc
  .array(
    fc.record({
      vcpus: fc.integer({ min: 1, max: 8 }),
      memoryMiB: fc.integer({ min: 1, max: 16 }),
      zone: fc.constantFrom('x', 'y', undefined),
      group: fc.constantFrom('g', 'k', undefined),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((server, at) => ({ ...server, id: `s${at}`, lease: 'l', tier: 't', flavor: 'f', diskGiB: 1 })));

/** What must hold of any placement, counted from nothing but who stands where. */
function expectSound(placed: ReadonlyMap<string, readonly Server[]>, all: readonly ComputeHost[]): void {
  for (const [name, here] of placed) {
    const host = all.find((each) => each.name === name);
    const sum = (key: 'vcpus' | 'memoryMiB' | 'diskGiB') => here.reduce((total, server) => total + server[key], 0);
    for (const key of ['vcpus', 'memoryMiB', 'diskGiB'] as const)
      expect(sum(key)).toBeLessThanOrEqual(host?.[key] ?? -1);
    const groups = here.flatMap(({ group }) => group ?? []);
    expect(new Set(groups).size).toBe(groups.length);
    for (const { zone } of here) if (zone !== undefined) expect(zone).toBe(host?.zone);
  }
}

function standing({ servers, hosts, hostOf }: Placement): Map<Server, string> {
  return new Map(
    servers.flatMap((server, at) => {
      const host = hosts[hostOf[at] ?? -1];
      return host === undefined ? [] : [[server, host.name] as const];
    }),
  );
}

const byHost = (where: ReadonlyMap<Server, string>) => Map.groupBy(where.keys(), (server) => where.get(server) ?? '');

describe('a placement', () => {
  it('overfills no host, leaves no zone and keeps groups apart, before and after any failure', () => {
    fc.assert(
      fc.property(hosts, servers, fc.array(fc.nat(7), { maxLength: 4 }), (all, wanted, off) => {
        const placement = placeServers(all, wanted);
        const where = standing(placement);
        expect(where.size + placement.unplaced.length).toBe(wanted.length);
        expectSound(byHost(where), all);
        const gone = new Set(off.map((at) => `h${at}`));
        const { fallen, moved, unplaced } = replace(placement, gone);
        expect(new Set(fallen)).toEqual(
          new Set([...where].filter(([, host]) => gone.has(host)).map(([server]) => server)),
        );
        expect(moved.length + unplaced.length).toBe(fallen.length);
        for (const server of fallen) where.delete(server);
        for (const { server, to } of moved) where.set(server, to);
        expect([...where.values()].filter((host) => gone.has(host))).toEqual([]);
        expectSound(byHost(where), all);
      }),
      { numRuns: 150 },
    );
  });

  it('places all where one server at a time would find room anywhere', () => {
    const equal = Array.from(
      { length: 4 },
      (_, at): ComputeHost => ({ name: `h${at}`, zone: 'x', vcpus: 8, memoryMiB: 8, diskGiB: 100 }),
    );
    const small = Array.from(
      { length: 16 },
      (_, at): Server => ({
        id: `s${at}`,
        lease: 'l',
        tier: 't',
        flavor: 'f',
        vcpus: 2,
        memoryMiB: 2,
        diskGiB: 1,
        zone: 'x',
        group: undefined,
      }),
    );
    expect(placeServers(equal, small).unplaced).toEqual([]);
    expect(
      placeServers(equal, [...small, { ...(small[0] as Server), id: 'more' }]).unplaced.map(({ why }) => why),
    ).toEqual(['room']);
  });

  it('says whether a zone is gone, or its hosts carry the group already', () => {
    const two = ['x', 'y'].map((zone): ComputeHost => ({ name: zone, zone, vcpus: 8, memoryMiB: 8, diskGiB: 100 }));
    const server = { lease: 'l', tier: 't', flavor: 'f', vcpus: 1, memoryMiB: 1, diskGiB: 1 };
    const pinned = placeServers(two, [{ ...server, id: 'a', zone: 'x', group: undefined }]);
    expect(replace(pinned, ['x']).unplaced.map(({ why }) => why)).toEqual(['zone']);
    const apart = ['a', 'b'].map((id): Server => ({ ...server, id, zone: undefined, group: 'g' }));
    expect(replace(placeServers(two, apart), ['x']).unplaced.map(({ why }) => why)).toEqual(['apart']);
  });

  it('of the shipped leases has the servers that `env create` asks room for', () => {
    const mine = placeLeases(project, 'paris')
      .servers.filter(({ lease }) => lease !== 'link-main')
      .map(({ id, zone, flavor, memoryMiB }) => `${id} ${zone ?? ''} ${flavor} ${memoryMiB}`);
    const cloud = project.clouds.get('paris')?.value as NonNullable<ReturnType<Project['clouds']['get']>>['value'];
    const theirs = [...project.leases.values()]
      .filter(({ value }) => value.cloud === 'paris')
      .flatMap(({ name, value }) => {
        const blueprint = project.blueprints.get(value.blueprint);
        return blueprint === undefined
          ? []
          : demandOf({ name, lease: value, blueprint: blueprint.value, cloud }).servers.map(
              (server) => `${server.id} ${server.zone ?? ''} ${server.flavor} ${server.memoryMiB}`,
            );
      });
    expect(mine.length).toBeGreaterThan(20);
    expect(mine.sort()).toEqual(theirs.sort());
  });
});

describe('what fits still', () => {
  it('is less after the worst failure than now, by about a host a zone', () => {
    for (const { now, afterWorst, flavor } of roomLeft(project, 'paris')) {
      expect(afterWorst).toBeLessThan(now);
      // 992 GiB of memory: a host of paris; what moves to the five others may cost each a server more by rounding.
      const aHost = Math.ceil((992 * 1024) / (project.clouds.get('paris')?.value.flavors[flavor]?.memoryMiB ?? 1));
      expect(now - afterWorst).toBeLessThanOrEqual(aHost + 5);
    }
  });

  it('tells the hosts that more environments need, and none where they fit', () => {
    expect(sizingFor(project, 'paris', new Map([['di', 5]]))).toMatchObject({
      hosts: [],
      isEnough: true,
      volumeGiB: 0,
    });
    const many = sizingFor(project, 'paris', new Map([['di', 200]]));
    expect(many?.isEnough).toBe(true);
    expect(many?.hosts.length).toBeGreaterThan(0);
    for (const { count, monthly } of many?.hosts ?? []) expect(monthly).toBe(count * 1150);
  });

  it('charges as many times the environments as there are', () => {
    const one = sizingFor(project, 'paris', new Map([['di', 1]]))?.chargedMonthly ?? 0;
    expect(one).toBeGreaterThan(0);
    expect(sizingFor(project, 'paris', new Map([['di', 3]]))?.chargedMonthly).toBeCloseTo(3 * one, 2);
  });
});
