import { secretArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { secretJson } from '../../json/secret.ts';

export const secretPutVerb = defineVerb({
  brief: 'Store a secret that the configuration refers to',
  description:
    'Reads the value from standard input, or asks for it on a terminal without showing it. An earlier value is replaced.',
  examples: [
    { command: 'tandem secret put secret:state-database', does: 'asks for the value' },
    { command: 'pass show tandem/state | tandem secret put secret:state-database' },
  ],
  arguments: takes(secretArgument),
  action: async (context, _flags, reference) =>
    (await import('../../../actions/secret/secret.ts')).putSecret(context, { reference }),
  json: secretJson,
  render: ({ reference }) => `${reference} is stored.\n`,
});
