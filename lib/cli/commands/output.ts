import { stackArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { maybe, takes, toggle, word } from '../flags.ts';

export const outputVerb = defineVerb({
  brief: 'Show stack outputs',
  description: 'Shows all outputs of a deployed stack, or one. Sensitive values are hidden.',
  examples: [
    { command: 'tandem output alice', does: 'all outputs' },
    { command: 'tandem output alice project_id --raw', does: 'one bare value, for a script' },
  ],
  flags: { raw: toggle('Print the bare value of the named output, even if it is sensitive') },
  arguments: takes(stackArgument, maybe(word('Name of one output', 'name'))),
  resources: true,
  action: async (context, { raw: reveal }, stack, name) =>
    (await import('../../actions/output/output.ts')).output(context, { stack, name, reveal }),
  json: {
    format: 'tandem.output/1',
    schema: async () => (await import('../../actions/output/schema.ts')).outputSchema,
  },
  bare: ({ raw }) => raw,
  render: async ({ outputs }, _view, { raw }) => (await import('../render/output.ts')).renderOutputs(outputs, raw),
});
