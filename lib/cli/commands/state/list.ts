import { stackArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { renderVersions } from '../../render/state.ts';

export const stateListVerb = defineVerb({
  brief: "List the versions of a stack's state and record",
  description:
    'A version is kept before and after each apply, destroy and restore: the last 50, and all of the last 90 days. Asks no cloud.',
  examples: [{ command: 'tandem state list openstack/paris/dev/alice' }],
  arguments: takes(stackArgument),
  action: async (context, _flags, stack) =>
    (await import('../../../actions/state/state.ts')).listStates(context, { stack }),
  json: {
    format: 'tandem.state-list/1',
    schema: async () => (await import('../../../actions/state/schema.ts')).stateListSchema,
  },
  render: renderVersions,
});
