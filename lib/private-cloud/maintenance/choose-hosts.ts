import { nearestOf } from '../../text/nearest.ts';
import { noSuchPart } from '../errors.ts';
import type { Topology } from '../topology/topology.ts';

/**
 * Hosts by their names, the groups of the configuration (`compute-a`) and their racks (`rack/a`), in the order of the configuration.
 * @throws TandemError `no-such-part`
 */
export function chooseHosts({ cloud, hosts }: Pick<Topology, 'cloud' | 'hosts'>, names: readonly string[]): string[] {
  const chosen = names.map((name) => {
    const found = hosts.filter((host) => host.name === name || host.group === name || `rack/${host.rack}` === name);
    if (found.length > 0) return found;
    const known = hosts.flatMap((host) => [host.name, host.group, `rack/${host.rack}`]);
    throw noSuchPart(cloud, name, nearestOf(name, known));
  });
  const wanted = new Set(chosen.flat().map(({ name }) => name));
  return hosts.map(({ name }) => name).filter((name) => wanted.has(name));
}
