import { z } from 'zod';
import type { CloudApi } from '../private-cloud/members/ports.ts';
import type { OpenStackClient } from './client.ts';
import { hostServices } from './host-services.ts';

const service = z.object({ id: z.union([z.string(), z.number()]).transform(String), binary: z.string() });
const agent = z.object({ id: z.string(), alive: z.boolean() });
const volume = z.object({ id: z.string(), name: z.string().nullish(), 'os-vol-host-attr:host': z.string().nullish() });

/** What Nova, Neutron and Cinder know of hosts, and forget of them, by their own API: as an administrator. */
export function membersApi(client: OpenStackClient): CloudApi {
  const servicesOn = async (host: string, signal: AbortSignal) =>
    await client.until(signal).list('compute', `/os-services?host=${encodeURIComponent(host)}`, 'services', service);
  const forget = async (host: string, isMeant: (binary: string) => boolean, signal: AbortSignal): Promise<void> => {
    for (const { id } of (await servicesOn(host, signal)).filter(({ binary }) => isMeant(binary)))
      await client.until(signal).delete('compute', `/os-services/${id}`);
  };
  return {
    ...hostServices(client),
    async volumesOn(host, signal) {
      if (!(await client.until(signal).has('volume'))) return [];
      const volumes = await client.until(signal).list('volume', '/volumes/detail?all_tenants=1', 'volumes', volume);
      return volumes.flatMap(({ id, name, 'os-vol-host-attr:host': at }) =>
        at?.split('@')[0] === host ? [{ id, name: name ?? '', host: at }] : [],
      );
    },
    async forceDown(host, signal) {
      for (const { id, binary } of await servicesOn(host, signal))
        if (binary === 'nova-compute')
          await client.until(signal).put('compute', `/os-services/${id}`, { forced_down: true });
    },
    // Without a host: the scheduler finds one.
    async evacuate(id, signal) {
      await client.until(signal).post('compute', `/servers/${id}/action`, { evacuate: {} }, z.unknown());
    },
    deleteComputeService: (host, signal) => forget(host, (binary) => binary === 'nova-compute', signal),
    deleteControlServices: (host, signal) => forget(host, (binary) => binary !== 'nova-compute', signal),
    async deleteAgents(host, signal) {
      const path = `/agents?host=${encodeURIComponent(host)}`;
      const agents = await client.until(signal).list('network', path, 'agents', agent);
      for (const { id } of agents.filter(({ alive }) => !alive))
        await client.until(signal).delete('network', `/agents/${id}`);
    },
  };
}
