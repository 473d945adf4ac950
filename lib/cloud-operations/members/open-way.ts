import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ansibleHosts } from '../../engines/kolla/ansible-hosts.ts';
import { kollaPlays } from '../../engines/kolla/kolla-plays.ts';
import { findKolla, followAll } from '../../engines/kolla/run-kolla.ts';
import { runsFolder } from '../../engines/kolla/runs.ts';
import { fillWorkTree } from '../../engines/kolla/work-tree.ts';
import { membersApi } from '../../openstack-api/members-api.ts';
import { openCloud } from '../../openstack-api/open-cloud.ts';
import { inventoryFile } from '../../private-cloud/kolla/inventory.ts';
import type { KollaCloud } from '../../private-cloud/kolla/kolla-cloud.ts';
import type { MembersChange } from './plan-change.ts';
import type { RunRequest } from './run-change.ts';

/** Where an operator works. */
export interface Operator {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * The way to a real cloud: kolla-ansible and Ansible on the work tree, and the cloud's APIs with the operator's credentials. A run that an
 * interrupted process left is followed to its end before the tree is written anew.
 * @throws TandemError `no-kolla-ansible`, `kolla-no-secrets`, `wrong-cloud`
 */
export async function openWay(
  { root, environment, signal }: Operator,
  cloud: KollaCloud,
  { stack, files, inventory }: Pick<MembersChange, 'stack' | 'files' | 'inventory'>,
  operation: string,
): ReturnType<RunRequest['open']> {
  const { name, value } = cloud;
  const program = await findKolla(environment);
  const runs = runsFolder(root, stack.id);
  await followAll(runs, signal);
  const text = JSON.stringify(files);
  const folder = fillWorkTree(root, { id: stack.id, text }, value.kolla.secrets);
  const tree = { ...files, 'inventory/multinode': inventoryFile(name, inventory).content };
  const { client, assertIdentity } = openCloud({ root, environment }, cloud);
  await assertIdentity();
  return {
    plays: kollaPlays({ root, stack: stack.id, cloud: name, operation, program, folder, environment }),
    hosts: ansibleHosts({ tree, engine: value.kolla.containerEngine, environment }),
    api: membersApi(client),
    close: () => rmSync(join(runs, operation), { recursive: true, force: true }),
  };
}
