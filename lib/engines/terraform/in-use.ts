import { firstOf } from '../../text/listed.ts';
import type { Fault } from '../errors.ts';
import type { ListThings } from './adopt/find-leftovers.ts';
import { waitedForDeletion } from './faults.ts';

type Port = Readonly<Record<string, unknown>>;

/** How a port uses a thing of each type. */
const USES: Readonly<Record<string, (port: Port, id: string) => boolean>> = {
  openstack_networking_secgroup_v2: (port, id) => asList(port['security_groups']).includes(id),
  openstack_networking_network_v2: (port, id) => port['network_id'] === id,
  openstack_networking_router_v2: (port, id) => port['device_id'] === id,
  openstack_networking_subnet_v2: (port, id) =>
    asList(port['fixed_ips']).some((each) => (each as { subnet_id?: unknown } | null)?.subnet_id === id),
};

/** Ports that are named in a message. */
const NAMED = 5;

/** Says of each deletion that waited in vain what uses the thing, where the cloud tells. */
export async function withUsers(faults: readonly Fault[], list: ListThings): Promise<Fault[]> {
  return await Promise.all(
    faults.map(async (fault) => {
      const uses = USES[/openstack_\w+/.exec(`${fault.address} ${fault.summary}`)?.[0] ?? ''];
      const id = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/.exec(fault.summary)?.[0];
      if (uses === undefined || id === undefined || !waitedForDeletion(fault)) return fault;
      const users = (await list('network', '/ports', 'ports').catch(() => [])).filter((port) => uses(port, id));
      return users.length === 0 ? fault : { ...fault, next: `it is in use by ${describe(users)}: ${fault.next ?? ''}` };
    }),
  );
}

function describe(ports: readonly Port[]): string {
  const named = ports.map((port) => {
    const owner = textOf(port['device_owner']);
    const of = owner === '' ? '' : ` (${owner} ${textOf(port['device_id'])})`;
    return `port ${textOf(port['name']) || textOf(port['id'])}${of}`;
  });
  return firstOf(named, NAMED);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
