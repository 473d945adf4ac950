import { z } from 'zod';
import { shortName } from '../private-cloud/status/short-name.ts';
import type { LiveServer, LiveServers } from '../private-cloud/status/spare.ts';
import type { OpenStackClient } from './client.ts';
import { fetchHosts } from './fetch-snapshot.ts';

const flavor = z.object({ vcpus: z.number(), ram: z.number(), disk: z.number() });
const server = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  'OS-EXT-SRV-ATTR:host': z.string().nullish(),
  'OS-EXT-AZ:availability_zone': z.string().nullish(),
  flavor,
});
const group = z.object({ id: z.string(), policy: z.string().optional(), members: z.array(z.string()) });

/** Servers that are on no host although Nova still names one. */
const AWAY = new Set(['SHELVED_OFFLOADED', 'DELETED', 'SOFT_DELETED']);

/** Every server of every project, where it stands, and what is left on hosts that are up and take servers. Needs the role of an operator. */
export async function fetchLiveServers(client: OpenStackClient): Promise<LiveServers> {
  const [hosts, servers, groups] = await Promise.all([
    fetchHosts(client),
    client.list('compute', '/servers/detail?all_tenants=1', 'servers', server),
    client.list('compute', '/os-server-groups?all_projects=1', 'server_groups', group),
  ]);
  const apart = new Map(
    groups
      .filter(({ policy }) => policy === 'anti-affinity')
      .flatMap(({ id, members }) => members.map((member) => [member, id] as const)),
  );
  return {
    hosts: hosts.map((host) => ({ ...host, name: shortName(host.name) })),
    servers: servers.flatMap((each): LiveServer[] => {
      const host = each['OS-EXT-SRV-ATTR:host'] ?? '';
      if (host === '' || AWAY.has(each.status)) return [];
      const { id, name } = each;
      const { vcpus, ram: memoryMiB, disk: diskGiB } = each.flavor;
      const zone = each['OS-EXT-AZ:availability_zone'] ?? undefined;
      return [{ id, name, host: shortName(host), zone, vcpus, memoryMiB, diskGiB, group: apart.get(id) }];
    }),
  };
}
