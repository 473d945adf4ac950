import { defineVerb } from '../define-verb.ts';
import { optionalText } from '../flags.ts';

export const validateVerb = defineVerb({
  brief: 'Report every problem of the configuration: file:line:column, what is wrong, what to write',
  description:
    'Checks shape, references, addresses, names, leases and capacity of everything in config/, then whether what is in stacks/custom and stacks/policies loads. Warnings do not fail.',
  examples: [{ command: 'tandem validate' }, { command: 'tandem validate --json | jq .problems' }],
  flags: { sarif: optionalText('Also write the problems to a file, in SARIF for code scanning', 'FILE') },
  action: async (context, { sarif }) =>
    (await import('../../actions/validate/validate.ts')).validate(context, { sarif }),
  json: {
    format: 'tandem.diagnostics/1',
    schema: async () => (await import('../../actions/validate/schema.ts')).diagnosticsSchema,
  },
  render: async ({ problems }) => (await import('../render/problems.ts')).renderProblems(problems),
  exitCode: ({ problems }) => (problems.some(({ severity }) => severity === 'error') ? 1 : 0),
});
