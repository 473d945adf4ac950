import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Entity } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import { ansiblePower } from '../../engines/kolla/ansible-power.ts';
import { ansibleSurveys } from '../../engines/kolla/ansible-surveys.ts';
import { readInventory, valuesOf } from '../../engines/kolla/read-tree.ts';
import { workFolder } from '../../engines/work-folder.ts';
import { requireNoLinks } from '../../fs/trusted.ts';
import type { OpenStackClient } from '../../openstack-api/client.ts';
import { type HostServices, hostServices } from '../../openstack-api/host-services.ts';
import { fetchLiveServers } from '../../openstack-api/live-servers.ts';
import { openCloud } from '../../openstack-api/open-cloud.ts';
import type { KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { renderTree } from '../../private-cloud/kolla/render.ts';
import type { HostPower } from '../../private-cloud/maintenance/host-power.ts';
import { type ExpectedCloud, expectedOf } from '../../private-cloud/status/expected.ts';
import type { LiveServers } from '../../private-cloud/status/spare.ts';
import type { HostSurveys } from '../../private-cloud/status/survey.ts';
import { type Topology, topologyOf } from '../../private-cloud/topology/topology.ts';
import { StackId } from '../../stack/id.ts';
import type { ActionContext } from '../context.ts';

/** A cloud that can be asked, and what its configuration says of it. */
export interface LiveCloud {
  readonly topology: Topology;
  readonly expected: ExpectedCloud;
  readonly surveys: HostSurveys;
  readonly power: HostPower;
  /** Opened when it is asked, with its identity: who has no credentials here is told what the hosts say. @throws TandemError `wrong-cloud` */
  readonly services: () => Promise<HostServices>;
  readonly liveServers: (signal: AbortSignal) => Promise<LiveServers>;
}

export function openLiveCloud({ root, environment }: ActionContext, cloud: KollaCloud): LiveCloud {
  const { name, value } = cloud;
  const { files } = renderTree(name, value);
  const topology = topologyOf(name, value);
  const expected = expectedOf({
    ...{ cloud: value, topology, groups: readInventory(files['inventory/multinode'] ?? '') },
    globals: valuesOf('globals.yml', files['globals.yml'] ?? ''),
  });
  const folder = writeInventory(root, name, files);
  const inventory = join(folder, 'multinode');
  const open = () => openedClient({ root, environment }, cloud);
  return {
    ...{ topology, expected },
    surveys: ansibleSurveys({ environment, inventory, engine: value.kolla.containerEngine }),
    power: ansiblePower({ environment, inventory, folder }),
    services: async () => hostServices(await open()),
    liveServers: async (signal) => await fetchLiveServers((await open()).until(signal)),
  };
}

/** A client of a cloud's APIs, once it is known to be that cloud. @throws TandemError `wrong-cloud` */
export async function openedClient(
  { root, environment }: Pick<ActionContext, 'root' | 'environment'>,
  cloud: Entity<Cloud>,
): Promise<OpenStackClient> {
  const opened = openCloud({ root, environment }, cloud);
  await opened.assertIdentity();
  return opened.client;
}

/** The inventory with the variables of hosts and groups, where only whoever looks has it. */
function writeInventory(root: string, cloud: string, files: Readonly<Record<string, string>>): string {
  const folder = join(workFolder(root, StackId.kolla(cloud), true), 'inventory');
  requireNoLinks(root, folder);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    if (!path.startsWith('inventory/')) continue;
    const file = join(dirname(folder), path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600 });
  }
  return folder;
}
