import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, optional, optionalText, takes, texts, toggle, wholeNumber } from '../../flags.ts';

export const cloudCertificatesVerb = defineVerb({
  brief: 'List the certificates of a cloud, and rotate them without a failed request',
  description: [
    'New files are laid down in `new` in the folder of the secrets, under the paths of the old ones. They are checked first: key,',
    'chain, names, validity, and that everybody trusts their authority already. Balancers then take them one after the other.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud certificates paris', does: 'list them; exit code 1 where one ends within 30 days' },
    { command: 'tandem cloud certificates paris --all', does: 'show how the new ones get to the hosts' },
    { command: 'tandem cloud certificates paris --rotate haproxy-internal --run', does: 'ask, and rotate it' },
  ],
  flags: {
    warn: optional(wholeNumber(0, 3650), 'Days before its end from which on one is told; default: 30', 'DAYS'),
    rotate: texts('Certificate to rotate; may be given several times', 'NAME'),
    all: toggle('Rotate every one that has a new file'),
    from: optionalText('Folder with the new files; default: new in the folder of the secrets', 'DIR'),
    run: toggle('Run the rotation; without it the steps are only shown'),
  },
  arguments: takes(maybe(cloudArgument)),
  asks: true,
  action: async (context, { warn: warnDays, rotate, all, from, run }, cloud) =>
    (await import('../../../actions/cloud/certificates.ts')).cloudCertificates(context, {
      ...{ cloud, warnDays, rotate, all, from, run },
    }),
  json: {
    format: 'tandem.cloud-certificates/1',
    schema: async () => (await import('../../../actions/cloud/schemas/keep.ts')).certificatesSchema,
  },
  render: async (result) => (await import('../../render/cloud-certificates.ts')).renderCertificates(result),
  exitCode: ({ certificates }) =>
    certificates.every(({ state }) => state === 'good' || state === 'encrypted') ? 0 : 1,
});
