import { secretArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { secretJson } from '../../json/secret.ts';

export const secretRemoveVerb = defineVerb({
  brief: 'Remove a secret from the store',
  description: 'Removing a secret that is not in the store is no error.',
  examples: [{ command: 'tandem secret remove secret:state-database' }],
  arguments: takes(secretArgument),
  action: async (context, _flags, reference) =>
    (await import('../../../actions/secret/secret.ts')).removeSecret(context, { reference }),
  json: secretJson,
  render: ({ reference }) => `${reference} is no longer stored.\n`,
});
