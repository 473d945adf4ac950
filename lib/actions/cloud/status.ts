import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askStatus } from '../../cloud-operations/status/ask-status.ts';
import { ansibleSurveys } from '../../engines/kolla/ansible-surveys.ts';
import { readInventory, valuesOf } from '../../engines/kolla/read-tree.ts';
import { workFolder } from '../../engines/work-folder.ts';
import { requireNoLinks } from '../../fs/trusted.ts';
import type { OpenStackClient } from '../../openstack-api/client.ts';
import { computeServices, networkAgents, volumeServices } from '../../openstack-api/host-services.ts';
import { fetchLiveServers } from '../../openstack-api/live-servers.ts';
import { openCloud } from '../../openstack-api/open-cloud.ts';
import { chooseKollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import { renderTree } from '../../private-cloud/kolla/render.ts';
import { expectedOf } from '../../private-cloud/status/expected.ts';
import type { StatusReport } from '../../private-cloud/status/report.ts';
import { topologyOf } from '../../private-cloud/topology/topology.ts';
import { StackId } from '../../stack/id.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface CloudStatusOptions {
  /** @default the organisation's `defaultCloud` */
  readonly cloud?: string | undefined;
}

/**
 * Asks a live cloud for what its configuration and the predictions say of it. Changes nothing.
 * @throws TandemError `no-such-cloud`, `not-kolla`, `no-ansible`, `wrong-cloud`
 */
export async function cloudStatus(context: ActionContext, options: CloudStatusOptions): Promise<StatusReport> {
  const { root, environment, signal } = context;
  const cloud = chooseKollaCloud(requireProject(context), options.cloud);
  const { name, value } = cloud;
  const { files } = renderTree(name, value);
  const expected = expectedOf({
    ...{ cloud: value, topology: topologyOf(name, value) },
    groups: readInventory(files['inventory/multinode'] ?? ''),
    globals: valuesOf('globals.yml', files['globals.yml'] ?? ''),
  });
  const inventory = writeInventory(root, name, files);
  // Opened when it is asked: who has no credentials here is told what the hosts say.
  const asked = async <T>(ask: (client: OpenStackClient) => Promise<T>): Promise<T> => {
    const { client, assertIdentity } = openCloud({ root, environment }, cloud);
    await assertIdentity();
    return await ask(client);
  };
  const ports = {
    surveys: ansibleSurveys({ environment, inventory, engine: value.kolla.containerEngine }),
    api: async (signal: AbortSignal) =>
      await asked(async (client) => {
        const [compute, agents, volumes, live] = await Promise.all([
          computeServices(client, signal),
          networkAgents(client, signal),
          volumeServices(client, signal),
          fetchLiveServers(client, signal),
        ]);
        return { compute, agents, volumes, live };
      }),
  };
  return await askStatus(ports, expected, signal);
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
  return join(folder, 'multinode');
}
