import { defineVerb } from '../../define-verb.ts';
import { optionalText, takes, texts, toggle, word } from '../../flags.ts';

export const cloudImportVerb = defineVerb({
  brief: 'Write a cloud that renders to the same meaning as an existing tree of Kolla-Ansible, Kayobe or OSISM',
  description: [
    'Reads the inventory as ansible-inventory does, and globals.yml with its templates as they are; writes config/clouds/NAME.yaml, renders it',
    'in memory, and compares both by meaning: hosts of every group, every variable. What no field says is passed on in kolla.globals and',
    'kolla.inventory; what differs is listed with the reason; what cannot be read, with file and line. What a tree does not say, such as',
    'racks and sizes of hosts, is not made up: it stands under `open`, and `tandem validate` asks for it.',
  ].join('\n'),
  examples: [
    {
      command:
        'tandem cloud import /etc/kolla/multinode /etc/kolla/globals.yml --config /etc/kolla/config --name paris',
    },
    {
      command:
        'tandem cloud import etc/kayobe/inventory etc/kayobe/kolla/globals.yml --globals etc/kayobe/networks.yml',
      does: 'of Kayobe; more files of variables add what they know',
    },
    { command: 'tandem cloud import inventory environments/kolla/configuration.yml', does: 'of OSISM' },
  ],
  flags: {
    inventory: texts('One more inventory, as with another -i of Ansible', 'PATH'),
    globals: texts('One more file of variables, as with another -e of Ansible', 'FILE'),
    config: optionalText("Folder with overrides of Kolla's configuration", 'DIR'),
    name: optionalText('Name of the cloud; default: after the folder of the inventory', 'NAME'),
    out: optionalText('Where to write; default: config/clouds/NAME.yaml', 'FILE'),
    overwrite: toggle('Write over a file that is there'),
  },
  arguments: takes(
    word('Inventory: a file, or a folder with several', 'INVENTORY'),
    word('globals.yml, or configuration.yml of OSISM', 'GLOBALS'),
  ),
  action: async (context, { inventory = [], globals = [], config, name, out, overwrite }, first, variables) =>
    (await import('../../../actions/cloud/import/import.ts')).importCloud(context, {
      ...{ inventory: [first, ...inventory], globals: [variables, ...globals], config, name, out, overwrite },
    }),
  json: {
    format: 'tandem.cloud-import/1',
    schema: async () => (await import('../../../actions/cloud/import/schema.ts')).cloudImportSchema,
  },
  render: async (result) => (await import('../../render/cloud-import.ts')).renderCloudImport(result),
});
