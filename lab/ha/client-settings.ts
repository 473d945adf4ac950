import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { CLIENT, hostNamed } from './hosts.ts';
import type { HaMembers } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';

/** Tags of the services whose place the client takes: it knows the members that these were told. */
const SPOKEN_FOR = ['nova', 'neutron'];

/** Which brokers and databases of OVN's the client asks. */
export function clientHosts(
  members: HaMembers,
): Record<'brokers' | 'ovn', readonly { name: string; address: string }[]> {
  const places = (names: readonly string[]) => names.map(hostNamed).map(({ name, address }) => ({ name, address }));
  return { brokers: places(members.rabbitmq), ovn: places(members['ovn-database']) };
}

/** Tells a running client, which reads it again whenever it connects. */
export async function tellClient(cluster: NetnsCluster, members: HaMembers, tags: readonly string[]): Promise<void> {
  if (tags.length > 0 && !tags.some((tag) => SPOKEN_FOR.includes(tag))) return;
  const file = cluster.path(CLIENT.name, '/tmp/client-hosts.json');
  if (!existsSync(cluster.path(CLIENT.name, '/tmp/client.json'))) return;
  await writeFile(`${file}.new`, JSON.stringify(clientHosts(members)), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
