import { type Demand, instanceNameOf } from '../config/demand.ts';
import type { ProjectHealth } from '../openstack-api/cloud-api.ts';
import type { QuotaUse } from '../openstack-api/snapshot.ts';

/**
 * What is still to be made of an environment that exists in part: a run after a kill, or a change, must not be refused for what
 * it holds already. Pure.
 */
export function remainingDemand(demand: Demand, health: ProjectHealth, quotas: readonly QuotaUse[]): Demand {
  const there = new Set(
    health.servers.filter(({ host, status }) => host !== '' || status === 'ACTIVE').map(({ name }) => name),
  );
  const used = (service: QuotaUse['service'], resource: string): number =>
    quotas.find((quota) => quota.service === service && quota.resource === resource)?.used ?? 0;
  const left = (wanted: number, have: number): number => Math.max(0, wanted - have);
  const routers = left(demand.routers, used('neutron', 'router'));
  const floating = left(demand.floatingAddresses, used('neutron', 'floatingip'));
  return {
    ...demand,
    servers: demand.servers.filter((server) => !there.has(instanceNameOf(server))),
    volumeGiB: left(demand.volumeGiB, used('cinder', 'gigabytes')),
    networks: left(demand.networks, used('neutron', 'network')),
    routers,
    floatingAddresses: floating,
    externalAddresses: floating + routers,
  };
}
