import type { Cloud } from '../../config/schema/cloud.ts';
import type { Citation } from '../../stack/cite.ts';
import { topologyOf } from '../topology/topology.ts';
import { globalSettings, globalsFile, hostDefaults } from './globals.ts';
import { hostFiles } from './host-vars.ts';
import { DEFAULTS, inventoryFile, inventoryGroups, withOwnGroups } from './inventory.ts';
import { overrideFiles } from './overrides.ts';
import { withOwnFiles } from './own-files.ts';
import type { RenderedFile } from './tree.ts';

export interface KollaTree {
  /** Content by path, sorted. */
  readonly files: Readonly<Record<string, string>>;
  /** By path of a file; those of a key name it. */
  readonly citations: Readonly<Record<string, readonly Citation[]>>;
}

/**
 * What Kolla-Ansible deploys a cloud from: inventory, `globals.yml`, overrides, variables of hosts and groups. Holds no secret.
 * Pure: the same cloud gives the same bytes.
 * @throws TandemError `kolla-key-taken`; Error where the cloud has no `kolla`
 */
export function renderTree(name: string, cloud: Cloud): KollaTree {
  const { kolla } = cloud;
  if (kolla === undefined) throw new Error(`cloud ${name} is not deployed by Kolla-Ansible`);
  const topology = topologyOf(name, cloud);
  const own = withOwnGroups(inventoryGroups(topology, cloud.storage.backend === 'ceph'), kolla.inventory.groups);
  const hasDefaults = hostDefaults(cloud, kolla, topology).length > 0;
  const groups = hasDefaults ? [...own, { name: DEFAULTS, hosts: [], children: ['baremetal'] }] : own;
  const files: RenderedFile[] = [
    inventoryFile(name, groups),
    globalsFile(name, globalSettings(name, cloud, kolla, topology)),
    ...withOwnFiles(name, overrideFiles(name, cloud, topology), cloud.ownFiles),
    ...hostFiles(name, cloud, topology),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const citations = files.map(({ path, from, keys }) => {
    const whole = from.slice(0, 1).map((path): Citation => ({ kind: 'cloud', name, path }));
    const own = Object.entries(keys).map(([attribute, path]): Citation => ({ kind: 'cloud', name, path, attribute }));
    return [path, [...whole, ...own]] as const;
  });
  return {
    files: Object.fromEntries(files.map(({ path, content }) => [path, content])),
    citations: Object.fromEntries(citations),
  };
}
