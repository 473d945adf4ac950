import { z } from 'zod';
import type { KnownResources } from '../private-cloud/backup/differences.ts';
import { shortName } from '../private-cloud/status/short-name.ts';
import type { OpenStackClient } from './client.ts';

const named = z.object({ id: z.string() });
const port = named.extend({ device_owner: z.string() });
const server = named.extend({ status: z.string(), 'OS-EXT-SRV-ATTR:host': z.string().nullish() });

/** A floating address is a row of Neutron's: OVN has a translation for it, and no port. */
const FLOATING = 'network:floatingip';
/** Of these no domain has to be anywhere. */
const AWAY = new Set(['SHELVED_OFFLOADED', 'SOFT_DELETED', 'BUILD', 'ERROR']);

/** Networks, routers, ports, servers and projects of everybody. Needs the role of an operator. */
export async function fetchKnownResources(client: OpenStackClient): Promise<KnownResources> {
  const ids = async (path: string, key: string): Promise<readonly string[]> =>
    (await client.list('network', path, key, named)).map(({ id }) => id);
  const [networks, routers, ports, servers, projects] = await Promise.all([
    ids('/networks?fields=id', 'networks'),
    ids('/routers?fields=id', 'routers'),
    client.list('network', '/ports?fields=id&fields=device_owner', 'ports', port),
    client.list('compute', '/servers/detail?all_tenants=1', 'servers', server),
    client.list('identity', '/projects', 'projects', named),
  ]);
  return {
    ...{ networks, routers },
    projects: projects.map(({ id }) => id),
    ports: ports.filter(({ device_owner: owner }) => owner !== FLOATING).map(({ id }) => id),
    servers: servers.map(({ id, status, 'OS-EXT-SRV-ATTR:host': host }) => ({
      id,
      host: typeof host === 'string' && host !== '' && !AWAY.has(status) ? shortName(host) : undefined,
    })),
  };
}
