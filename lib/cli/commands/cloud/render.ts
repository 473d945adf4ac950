import { buildCommand } from '@stricli/core';
import { treeFolder } from '../../../engines/kolla/written-tree.ts';
import { notKolla } from '../../../private-cloud/kolla/errors.ts';
import { partsOf, StackId } from '../../../stack/id.ts';
import { type CommonFlags, commonFlags } from '../../common-flags.ts';
import type { TandemContext } from '../../context.ts';
import { requireProject } from '../../workspace.ts';

interface RenderFlags extends CommonFlags {
  readonly overwrite: boolean;
}

async function render(this: TandemContext, flags: RenderFlags, ...clouds: string[]): Promise<void> {
  const { writeArtefacts } = await import('../../../synthesis/write.ts');
  const project = requireProject(this);
  const known = [...project.clouds.values()].filter((cloud) => cloud.value.kolla !== undefined).map(({ name }) => name);
  for (const cloud of clouds) if (!known.includes(cloud)) throw notKolla(cloud, known);
  const ids = (clouds.length > 0 ? clouds : known).map((cloud) => StackId.kolla(cloud));
  const { overwrite } = flags;
  const written = ids.length === 0 ? [] : await writeArtefacts(project, this.root(), ids, { overwrite });
  const trees = written.map(({ id }) => ({ id, folder: treeFolder(partsOf(id).owner) }));
  if (flags.json) this.out(`${JSON.stringify({ format: 'tandem.cloud-render/1', trees }, null, 2)}\n`);
  else for (const { id, folder } of trees) this.out(`${id} -> ${folder}/\n`);
}

export const cloudRenderCommand = buildCommand({
  func: render,
  parameters: {
    flags: {
      ...commonFlags,
      overwrite: { kind: 'boolean', default: false, brief: 'Lose what was edited by hand in kolla.out/' },
    },
    positional: {
      kind: 'array',
      parameter: { brief: 'Cloud, all by default', parse: String, placeholder: 'CLOUD' },
    },
  },
  docs: {
    brief: 'Write what Kolla-Ansible deploys the cloud from: inventory, globals.yml, overrides, variables of hosts',
    fullDescription: [
      'Writes kolla.out/<cloud>/. It holds no secret: put passwords.yml (from kolla-genpwd) and certificates/ beside, or link to them.',
      '',
      'Examples:',
      '  tandem cloud render paris',
      '  kolla-ansible prechecks --configdir kolla.out/paris -i kolla.out/paris/inventory/multinode',
    ].join('\n'),
  },
});
