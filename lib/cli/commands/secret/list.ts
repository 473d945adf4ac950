import { asLines } from '../../../text/lines.ts';
import { table } from '../../../text/table.ts';
import { defineVerb } from '../../define-verb.ts';

export const secretListVerb = defineVerb({
  brief: 'List the secrets that are stored, and those that the configuration refers to',
  description: 'Shows names, never a value. Exit code 1 where the configuration refers to one that is not stored.',
  examples: [{ command: 'tandem secret list' }],
  action: async (context) => (await import('../../../actions/secret/secret.ts')).listSecrets(context),
  json: {
    format: 'tandem.secret-list/1',
    schema: async () => (await import('../../../actions/secret/schema.ts')).secretListSchema,
    document: (secrets) => ({ secrets }),
  },
  render: (secrets) => {
    if (secrets.length === 0) return 'No secret is stored, and the configuration refers to none.\n';
    const rows = secrets.map(({ reference, stored, usedBy }) => [
      reference,
      stored ? 'stored' : 'not stored',
      usedBy.length === 0 ? 'not referred to' : usedBy.join(', '),
    ]);
    return asLines(table(rows));
  },
  exitCode: (secrets) => (secrets.every(({ stored }) => stored) ? 0 : 1),
});
