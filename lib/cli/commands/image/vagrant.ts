import { blueprintArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { named, optional, optionalText, takes, wholeNumber } from '../../flags.ts';

export const imageVagrantVerb = defineVerb({
  brief: 'Print a Vagrantfile of a blueprint, for one laptop',
  description: [
    'One machine for each tier that runs components, on a private network, brought up as on the cloud. Load balancers and volumes are the',
    "cloud's, so there are none.",
  ].join('\n'),
  examples: [
    { command: 'tandem image vagrant discovery > Vagrantfile' },
    { command: 'tandem image vagrant discovery --servers 3 --memory 1024 --out Vagrantfile' },
  ],
  flags: {
    cloud: named(
      optionalText("Cloud whose flavors it has; default: the organisation's defaultCloud", 'NAME'),
      'clouds',
    ),
    servers: optional(wholeNumber(1, 9), 'Machines of a tier at most; default: 1', 'N'),
    memory: optional(wholeNumber(512, 65_536), 'Memory of a machine at most, in MiB; default: 2048', 'MIB'),
    out: optionalText('File to write; default: stdout', 'FILE'),
  },
  arguments: takes(blueprintArgument),
  action: async (context, flags, blueprint) =>
    (await import('../../../actions/image/vagrant.ts')).writeVagrantfile(context, { ...flags, blueprint }),
  json: {
    format: 'tandem.image-vagrant/1',
    schema: async () => (await import('../../../actions/image/schema.ts')).vagrantSchema,
  },
  bare: () => true,
  render: ({ text }, _view, { out }) => (out === undefined ? text : ''),
});
