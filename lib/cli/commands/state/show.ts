import { stackArgument, versionArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';
import { renderComparison } from '../../render/state.ts';

export const stateShowVerb = defineVerb({
  brief: "Compare a version of a stack's state with the present one",
  description:
    'Addresses of resources, no values: those in both, in the version alone, and in the present state alone.',
  examples: [{ command: 'tandem state show openstack/paris/dev/alice 20261128T055004123-9f3a1c7e' }],
  arguments: takes(stackArgument, versionArgument),
  action: async (context, _flags, stack, version) =>
    (await import('../../../actions/state/state.ts')).showState(context, { stack, version }),
  json: {
    format: 'tandem.state-show/1',
    schema: async () => (await import('../../../actions/state/schema.ts')).stateShowSchema,
  },
  render: renderComparison,
});
