import { defineVerb } from '../../define-verb.ts';
import { optional, optionalText, wholeNumber } from '../../flags.ts';
import { labFlags } from './flags.ts';

export const labUpVerb = defineVerb({
  brief: 'Start a local OpenStack control plane, or the local AWS emulator',
  description:
    'OpenStack needs root on Debian 12. The first start takes some minutes, since it installs packages; later ones take less than two.',
  examples: [
    { command: 'tandem lab up', does: 'one OpenStack control plane' },
    { command: 'tandem lab up --hypervisors 12' },
    { command: 'tandem lab up --ha', does: 'three controllers for failure drills' },
    { command: 'tandem lab up --aws', does: 'an AWS emulator on loopback' },
    { command: 'tandem lab up --aws --port 4600 --seed drill-7' },
  ],
  flags: {
    ...labFlags,
    hypervisors: optional(wholeNumber(2, 30), 'Hypervisors over three zones, 2 to 30; default: 6', 'N'),
    environment: optionalText(
      'With --aws: environment whose account is emulated; default: the first without termination protection',
      'NAME',
    ),
    port: optional(wholeNumber(1, 65_535), 'With --aws: port on 127.0.0.1; default: 4566', 'N'),
    seed: optionalText('With --aws: text that ids, boot times and all chance follow from; default: tandem', 'TEXT'),
  },
  acts: true,
  action: async (context, flags) => (await import('../../../actions/lab/lab.ts')).up(context, flags),
  json: {
    format: 'tandem.lab-up/1',
    schema: async () => (await import('../../../actions/lab/schema.ts')).labUpSchema,
    document: ({ notes: _notes, ...result }) => result,
  },
  render: async (result) => (await import('../../render/lab.ts')).renderLabUp(result),
});
