import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesAny, toggle } from '../../flags.ts';

export const cloudRenderVerb = defineVerb({
  brief: 'Write the Kolla-Ansible tree of clouds: inventory, globals.yml, overrides, host variables',
  description: [
    'Writes kolla.out/<cloud>/. It holds no secret: put passwords.yml (from kolla-genpwd) and certificates/ beside it, or link to them.',
    'Then, for instance: kolla-ansible prechecks --configdir kolla.out/paris -i kolla.out/paris/inventory/multinode',
  ].join('\n'),
  examples: [{ command: 'tandem cloud render paris' }],
  flags: { overwrite: toggle('Overwrite files in kolla.out/ that were edited by hand') },
  arguments: takesAny(cloudArgument),
  action: async (context, { overwrite }, ...clouds) =>
    (await import('../../../actions/cloud/render.ts')).renderClouds(context, { clouds, overwrite }),
  json: {
    format: 'tandem.cloud-render/1',
    schema: async () => (await import('../../../actions/cloud/schemas/small.ts')).renderSchema,
  },
  render: ({ trees }) => trees.map(({ id, folder }) => `${id} -> ${folder}/\n`).join(''),
});
