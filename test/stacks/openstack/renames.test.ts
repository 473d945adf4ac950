import { expect, it } from 'vitest';
import { loadProject } from '../../../lib/config/load.ts';
import { diffTerraform } from '../../../lib/engines/terraform/difference.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';
import { ANNA_LEASES_BARE, BARE } from '../../bare.ts';
import { configured, type Edit, renamed } from '../../configured.ts';

async function lease(...edits: Edit[]): Promise<string> {
  const { project, problems } = loadProject(configured(CODE_ROOT, [ANNA_LEASES_BARE, ...edits], BARE));
  if (project === undefined) throw new Error(JSON.stringify(problems));
  const [made] = await synthesize(stacksOf(project), { only: new Set([StackId.parse('openstack/paris/dev/anna')]) });
  return made?.text ?? '';
}

const QUEUE: readonly Edit[] = [
  ['blueprints/bare.yaml', 'tiers.queue', renamed('broker')],
  ['blueprints/bare.yaml', 'tiers.broker.renamedFrom', 'queue'],
  ['blueprints/bare.yaml', 'tiers.broker.volumes.data', renamed('messages')],
  ['blueprints/bare.yaml', 'tiers.broker.volumes.messages.renamedFrom', 'data'],
];

it('a tier and a volume with another name keep servers, volumes, ports and groups', async () => {
  const changes = diffTerraform(await lease(), await lease(...QUEUE));
  const gone = changes.filter(({ action }) => action === 'delete' || action === 'create');
  expect(gone.map(({ address }) => address)).toEqual([]);
  const replaced = changes.filter(({ action }) => action === 'replace').map(({ type }) => type);
  // The name in DNS is another.
  expect(new Set(replaced)).toEqual(new Set(['openstack_dns_recordset_v2']));
  expect(changes.find(({ address }) => address.endsWith('broker_volume-messages-1'))?.reasons).toContain(
    'its address was openstack_blockstorage_volume_v3.queue_volume-data-1',
  );
});

it('what was moved stays where it is, with the old name in the file and without', async () => {
  const after = await lease(...QUEUE);
  expect(diffTerraform(after, after)).toEqual([]);
  const without = QUEUE.map(
    ([file, path, value]): Edit => [file, path, path.endsWith('renamedFrom') ? undefined : value],
  );
  expect(diffTerraform(after, await lease(...without)).filter(({ noise }) => !noise)).toEqual([]);
});

it('an image that changes with the name is seen', async () => {
  const url = 'https://images.acme.example.org/ubuntu.qcow2';
  const ubuntu: Edit = ['clouds/paris.yaml', 'images.ubuntu-24', { url, format: 'qcow2', user: 'debian' }];
  const after = await lease(...QUEUE, ubuntu, ['blueprints/bare.yaml', 'tiers.broker.image', 'ubuntu-24']);
  expect(diffTerraform(await lease(), after).find(({ address }) => address.endsWith('.broker_server-1'))).toMatchObject(
    {
      action: 'interrupt',
    },
  );
});
