import { counted } from '../../../text/plural.ts';
import { defineVerb } from '../../define-verb.ts';

export const secretRotateVerb = defineVerb({
  brief: 'Encrypt the secret store anew to the recipients that the configuration names',
  description: [
    'Run it after a change of secrets.recipients, and commit the file. Who is no longer a recipient cannot open what is written from now on;',
    'what they could read before they may have kept: store new values with `tandem secret put`.',
  ].join('\n'),
  examples: [{ command: 'tandem secret rotate' }],
  action: async (context) => (await import('../../../actions/secret/secret.ts')).rotateSecrets(context),
  json: {
    format: 'tandem.secret-rotate/1',
    schema: async () => (await import('../../../actions/secret/schema.ts')).secretRotateSchema,
  },
  render: ({ recipients, file }) => `${file} is encrypted to ${counted(recipients, 'recipient')}; commit it.\n`,
});
