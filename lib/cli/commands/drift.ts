import { isDrifted, isFailed } from '../../plan/outcome.ts';
import { stacksArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { toggle } from '../flags.ts';

export const driftVerb = defineVerb({
  brief: 'Detect drift: changes made outside Tandem',
  description: 'Compares what was last applied with the live clouds. Changes nothing.',
  examples: [{ command: 'tandem drift' }, { command: 'tandem drift alice --detailed-exitcode' }],
  flags: { detailedExitcode: toggle('Exit 0 without drift, 2 with drift, 1 on errors') },
  arguments: stacksArgument,
  resources: true,
  action: async (context, _flags, ...selectors) =>
    (await import('../../actions/drift/drift.ts')).drift(context, { selectors }),
  json: {
    format: 'tandem.plan/1',
    schema: async () => (await import('../../plan/schema.ts')).planSchema,
  },
  render: async (plan, { colors }) => (await import('../render/drift.ts')).renderDrift(plan, colors),
  exitCode: (plan, { detailedExitcode }) => (isFailed(plan) ? 1 : detailedExitcode && isDrifted(plan) ? 2 : 0),
});
