import { defineVerb } from '../../define-verb.ts';
import { toggle } from '../../flags.ts';
import { labFlags } from './flags.ts';

export const labDownVerb = defineVerb({
  brief: 'Stop a local cloud and remove everything that it made',
  examples: [
    { command: 'tandem lab down' },
    { command: 'tandem lab down --ha --keep-packages' },
    { command: 'tandem lab down --aws' },
  ],
  flags: { ...labFlags, keepPackages: toggle('Keep installed packages, so that the next start is quick') },
  acts: true,
  action: async (context, flags) => (await import('../../../actions/lab/lab.ts')).down(context, flags),
  json: {
    format: 'tandem.lab-down/1',
    schema: async () => (await import('../../../actions/lab/schema.ts')).labDownSchema,
  },
  render: async (result) => (await import('../../render/lab.ts')).renderLabDown(result),
});
