import type { DeployPorts } from '../../deploy/ports.ts';
import { ansibleHosts } from '../../engines/kolla/ansible-hosts.ts';
import { sshFiles } from '../../engines/kolla/host-files.ts';
import { kollaPlays } from '../../engines/kolla/kolla-plays.ts';
import { readInventory } from '../../engines/kolla/read-tree.ts';
import { findKolla, followAll } from '../../engines/kolla/run-kolla.ts';
import { runsFolder } from '../../engines/kolla/runs.ts';
import { fillWorkTree } from '../../engines/kolla/work-tree.ts';
import type { HostFiles } from '../../private-cloud/backup/ports.ts';
import type { InventoryGroup } from '../../private-cloud/kolla/inventory.ts';
import type { KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { renderTree } from '../../private-cloud/kolla/render.ts';
import type { CloudHosts, KollaPlays } from '../../private-cloud/members/ports.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { StackId } from '../../stack/id.ts';
import type { StackRecord } from '../../state/record.ts';
import type { ActionContext } from '../context.ts';

/** A cloud's hosts as they stand: by what was last applied, else by the configuration. */
export interface KollaAccess {
  readonly plays: KollaPlays;
  readonly hosts: CloudHosts;
  readonly files: HostFiles;
  readonly inventory: readonly InventoryGroup[];
  readonly record: StackRecord | undefined;
}

/** Opens the way to the hosts of a cloud. Nothing is run before it is asked for, and the tree is written by the first play. */
export async function kollaAccess(
  { root, environment }: Pick<ActionContext, 'root' | 'environment'>,
  { records }: Pick<DeployPorts, 'records'>,
  { name, value }: KollaCloud,
  { readsCertificates }: { readonly readsCertificates: boolean },
): Promise<KollaAccess> {
  const id = StackId.kolla(name);
  const record = await records.read(id);
  const text = record?.artefact ?? JSON.stringify(renderTree(name, value).files);
  const tree = JSON.parse(text) as Readonly<Record<string, string>>;
  const { user, secrets, containerEngine } = value.kolla;
  const addresses = new Map(topologyOf(name, value).hosts.map((host) => [host.name, host.addresses.internal]));
  let opened: KollaPlays | undefined;
  const open = async (signal: AbortSignal): Promise<KollaPlays> => {
    const program = await findKolla(environment);
    // A run that an interrupted process left uses the tree.
    await followAll(runsFolder(root, id), signal);
    const folder = fillWorkTree(root, { id, text }, secrets, readsCertificates ? new Date() : null);
    return kollaPlays({ root, stack: id, cloud: name, program, folder, environment });
  };
  return {
    plays: {
      run: async (play, groups, signal) => await (opened ??= await open(signal)).run(play, groups, signal),
    },
    hosts: ansibleHosts({ tree, engine: containerEngine, environment }),
    files: sshFiles({ user, environment, addressOf: (host) => addresses.get(host) }),
    inventory: readInventory(tree['inventory/multinode'] ?? ''),
    record,
  };
}
