import { defineVerb } from '../../define-verb.ts';
import { toggle } from '../../flags.ts';

export const secretKeyVerb = defineVerb({
  brief: 'Show your public key, which others encrypt secrets to',
  description: [
    'Makes a key where you have none, in ~/.config/tandem. Send the public key to somebody who can open the store: they add it to',
    'secrets.recipients in config/tandem.yaml, run `tandem secret rotate` and commit both files.',
  ].join('\n'),
  examples: [
    { command: 'tandem secret key' },
    { command: 'tandem secret key --new', does: 'makes another one, which replaces it from the next rotation on' },
  ],
  flags: { new: toggle('Make another key') },
  action: async (context, flags) =>
    (await import('../../../actions/secret/secret.ts')).secretKey(context, { fresh: flags.new }),
  json: {
    format: 'tandem.secret-key/1',
    schema: async () => (await import('../../../actions/secret/schema.ts')).secretKeySchema,
  },
  render: ({ recipients }) => recipients.map((each) => `${each}\n`).join(''),
});
