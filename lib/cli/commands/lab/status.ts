import { defineVerb } from '../../define-verb.ts';
import { labFlags } from './flags.ts';

export const labStatusVerb = defineVerb({
  brief: 'Check every service of a local cloud; exit 1 unless all are healthy',
  examples: [{ command: 'tandem lab status' }, { command: 'tandem lab status --ha --json' }],
  flags: labFlags,
  action: async (context, flags) => (await import('../../../actions/lab/lab.ts')).status(context, flags),
  json: {
    format: 'tandem.lab-status/1',
    schema: async () => (await import('../../../actions/lab/schema.ts')).labStatusSchema,
  },
  render: async (result) => (await import('../../render/lab.ts')).renderLabStatus(result),
  exitCode: ({ state }) => (state === 'running' ? 0 : 1),
});
