import fc from 'fast-check';
import { loadAndCheck } from '../../../../lib/config/check.ts';
import type { ServerDemand } from '../../../../lib/config/demand.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import type { Project } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { backup } from '../../../../lib/config/schema/cloud-backup.ts';
import { type Failure, partsOf } from '../../../../lib/private-cloud/failure/failures.ts';
import { type Topology, topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';

const loaded = loadAndCheck(directoryFiles(process.cwd()), new Date('2026-11-21')).project;
if (loaded === undefined) throw new Error('the shipped configuration does not load');
export const project: Project = loaded;
const shipped = project.clouds.get('paris')?.value;
if (shipped === undefined) throw new Error('the shipped configuration has no cloud paris');
export const paris: Cloud = shipped;

/** The same cloud with a section `kolla.backup`, all defaults. */
export function backedUp(cloud: Cloud): Cloud {
  const { kolla } = cloud;
  if (kolla === undefined) throw new Error('Kolla does not deploy this cloud');
  return {
    ...cloud,
    kolla: { ...kolla, backup: backup.parse({ destination: '/mnt/backups', recipients: [RECIPIENT] }) },
  };
}
const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

const ROLES = ['control', 'database', 'queue', 'ovn', 'load-balancer', 'network', 'storage', 'compute'] as const;

/** Small clouds of all sorts, sound and unsound: racks with shared or own feeds and switches, roles apart or together. */
export function anyCloud(): fc.Arbitrary<Cloud> {
  return fc
    .record({
      racks: fc.array(
        fc.record({
          powerFeeds: fc.uniqueArray(fc.constantFrom('f1', 'f2', 'f3'), { maxLength: 2 }),
          switches: fc.uniqueArray(fc.constantFrom('s1', 's2', 's3'), { maxLength: 2 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      groups: fc.array(
        fc.record({
          rack: fc.nat(),
          isOnOneSwitch: fc.boolean(),
          roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }),
          count: fc.integer({ min: 1, max: 3 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      replicas: fc.integer({ min: 1, max: 3 }),
      failureDomain: fc.constantFrom('host' as const, 'rack' as const),
      backend: fc.constantFrom('ceph' as const, 'lvm' as const, 'nfs' as const),
      hasVip: fc.boolean(),
      isZoned: fc.boolean(),
      services: fc.subarray(['heat', 'manila', 'masakari', 'gnocchi'] as const),
      planes: fc.subarray(['external', 'tunnel', 'storage', 'storageCluster'] as const),
    })
    .map(({ racks, groups, replicas, failureDomain, backend, hasVip, isZoned, services, planes }): Cloud => {
      const { vips, kolla, ...rest } = paris;
      return {
        ...rest,
        ...(kolla === undefined ? {} : { kolla: { ...kolla, services } }),
        ...(hasVip && vips !== undefined ? { vips } : {}),
        racks: Object.fromEntries(racks.map((rack, at) => [`r${at}`, rack])),
        hosts: Object.fromEntries(
          groups.map(({ rack, roles, count, isOnOneSwitch }, at) => [
            `g${at}`,
            {
              rack: `r${rack % racks.length}`,
              roles: [...roles],
              count,
              hardware: roles.includes('compute') ? 'compute' : 'service',
              firstAddress: `10.10.${at}.11`,
              ...{ interfaces: {}, providerInterfaces: {} },
              switches: isOnOneSwitch ? (racks[rack % racks.length]?.switches.slice(0, 1) ?? []) : [],
            },
          ]),
        ),
        zones: isZoned
          ? Object.fromEntries(racks.map((_, at) => [`z${at}`, { racks: [`r${at}`] }]))
          : { all: { racks: racks.map((_, at) => `r${at}`) } },
        planes: {
          internal: paris.planes.internal,
          ...Object.fromEntries(planes.map((name) => [name, paris.planes[name]])),
        },
        storage: { ...paris.storage, backend, replicas, failureDomain },
      };
    });
}

/** Servers with and without zones and groups, for clouds whose hosts they may fill. */
export function anyServers(cloud: Cloud): fc.Arbitrary<ServerDemand[]> {
  const zones = Object.keys(cloud.zones);
  const server = fc.record({
    zone: fc.constantFrom(...zones, undefined),
    group: fc.constantFrom('g1', 'g2', undefined, undefined),
    size: fc.integer({ min: 1, max: 6 }),
  });
  return fc.tuple(fc.boolean(), fc.array(server, { maxLength: 24 })).map(([isZoned, drawn]) =>
    drawn.map(({ zone, group, size }, at): ServerDemand => {
      const own = isZoned ? (zone ?? zones[0]) : zone;
      return {
        ...{ id: `s${at}`, lease: `l${at % 3}`, tier: 't', flavor: 'f' },
        ...{ vcpus: size * 40, memoryMiB: size * 150 * 1024, diskGiB: size * 200 },
        ...{ zone: own, group },
      };
    }),
  );
}

/** A cloud with some of its parts off. */
export function anyFailure(): fc.Arbitrary<{ cloud: Cloud; topology: Topology; failure: Failure }> {
  return anyCloud().chain((cloud) => {
    const topology = topologyOf('any', cloud);
    return fc.subarray([...partsOf(topology)], { maxLength: 4 }).map((failure) => ({ cloud, topology, failure }));
  });
}
