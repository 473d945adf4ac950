import { BUILDERS } from '../../../images/packer.ts';
import { blueprintArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, optionalOneOf, optionalText, takes, texts, toggle } from '../../flags.ts';

export const imageBuildVerb = defineVerb({
  brief: 'Build an image for each tier of a blueprint that runs components, with Packer',
  description: [
    'Writes a Packer template and its scripts, lets Packer check them, asks, and builds. OpenStack and AWS run the same script.',
    'Servers of such an image come up without a mirror, and sooner: what is installed already is not installed again.',
  ].join('\n'),
  examples: [
    { command: 'tandem image build discovery --write-only', does: 'only writes .tandem/images/' },
    { command: 'tandem image build discovery --tier consul --cloud paris --var network=ID' },
    { command: 'tandem image build discovery --builder amazon-ebs' },
  ],
  flags: {
    tier: optionalText('Tier; default: every one that runs components', 'NAME'),
    cloud: cloudFlag,
    builder: optionalOneOf(BUILDERS, 'Where to build; default: openstack'),
    var: texts("Values of the template's variables: network, floating_network, region", 'NAME=VALUE'),
    out: optionalText('Folder to write into; default: .tandem/images of the project', 'FOLDER'),
    writeOnly: toggle('Write the files, and build nothing'),
  },
  arguments: takes(blueprintArgument),
  asks: true,
  action: async (context, { var: variables, ...flags }, blueprint) =>
    (await import('../../../actions/image/build.ts')).buildImages(context, { ...flags, blueprint, variables }),
  json: {
    format: 'tandem.image-build/1',
    schema: async () => (await import('../../../actions/image/schema.ts')).buildSchema,
  },
  render: ({ images }) =>
    images
      .map(({ image, folder, built }) => {
        const ids = Object.entries(built).map(([builder, id]) => `${builder} ${id}`);
        return `${image}: ${ids.length === 0 ? `written to ${folder}` : ids.join(', ')}\n`;
      })
      .join(''),
});
