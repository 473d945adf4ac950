import fc from 'fast-check';
import type { ServerDemand } from '../../../../lib/config/demand.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { paris } from '../failure/clouds.ts';

export interface LoadedCloud {
  readonly cloud: Cloud;
  readonly servers: readonly ServerDemand[];
}

const ROLES = ['control', 'database', 'queue', 'ovn', 'load-balancer', 'network', 'storage', 'monitoring'] as const;

/** Clouds of at most eleven hosts, with servers that fill them more or less. */
export function loadedCloud(): fc.Arbitrary<LoadedCloud> {
  const host = fc.record({
    rack: fc.nat(2),
    roles: fc.oneof(
      { weight: 3, arbitrary: fc.constant(['compute'] as const) },
      { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant(['control', 'compute'] as const) },
    ),
    large: fc.boolean(),
  });
  const server = fc.record({
    size: fc.constantFrom(1, 2, 4),
    zone: fc.constantFrom('z0', 'z1', 'z2', undefined),
    tier: fc.constantFrom('web', 'db', undefined),
  });
  return fc
    .record({
      racks: fc.constantFrom(1, 1, 2, 3),
      hosts: fc.array(host, { minLength: 3, maxLength: 11, size: 'max' }),
      servers: fc.array(server, { maxLength: 16 }),
      isOneZone: fc.boolean(),
      backend: fc.constantFrom('ceph' as const, 'ceph' as const, 'nfs' as const),
      failureDomain: fc.constantFrom('host' as const, 'rack' as const),
      survives: fc.constantFrom('host' as const, 'rack' as const),
    })
    .map(({ racks, hosts, servers, isOneZone, backend, failureDomain, survives }): LoadedCloud => {
      const names = Array.from({ length: racks }, (_, at) => `r${at}`);
      const zones = isOneZone
        ? { z0: { racks: names } }
        : Object.fromEntries(names.map((rack, at) => [`z${at}`, { racks: [rack] }]));
      const kind = { vcpus: 16, diskGiB: 1000, reservedMemoryGiB: 0 };
      const cloud: Cloud = {
        ...paris,
        survives,
        racks: Object.fromEntries(names.map((rack) => [rack, { powerFeeds: [], switches: [] }])),
        hardware: { small: { ...kind, memoryGiB: 8 }, large: { ...kind, memoryGiB: 16 } },
        hosts: Object.fromEntries(
          hosts.map(({ rack, roles, large }, at) => [
            `h${at}`,
            {
              rack: `r${rack % racks}`,
              roles: [...roles],
              count: 1,
              hardware: large ? 'large' : 'small',
              firstAddress: `10.10.${at}.11`,
              ...{ interfaces: {}, providerInterfaces: {}, switches: [] },
            },
          ]),
        ),
        zones,
        storage: { ...paris.storage, backend, failureDomain },
      };
      return {
        cloud,
        servers: servers.map(({ size, zone, tier }, at): ServerDemand => {
          const where = zone !== undefined && Object.hasOwn(zones, zone) ? zone : isOneZone ? 'z0' : undefined;
          return {
            ...{ id: `x/${tier ?? 'any'}-${at}`, lease: 'x', tier: tier ?? 'any', flavor: `s${size}` },
            ...{ vcpus: size, memoryMiB: size * 1024, diskGiB: 10, zone: where },
            group: tier === undefined || where === undefined ? undefined : `x/${tier}/${where}`,
          };
        }),
      };
    });
}
