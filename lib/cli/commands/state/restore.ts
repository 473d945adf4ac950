import { stackArgument, versionArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { lockTimeout, takes } from '../../flags.ts';

export const stateRestoreVerb = defineVerb({
  brief: "Put an earlier version of a stack's state and record back",
  description: [
    'Says which resources are known again and which no longer, and asks. What is there is kept as a version first; the cloud is not',
    'touched. Plan afterwards: the plan compares the restored state with the cloud.',
  ].join('\n'),
  examples: [{ command: 'tandem state restore openstack/paris/dev/alice 20261128T055004123-9f3a1c7e' }],
  flags: { lockTimeout },
  arguments: takes(stackArgument, versionArgument),
  asks: true,
  action: async (context, flags, stack, version) =>
    (await import('../../../actions/state/state.ts')).restoreState(context, {
      ...{ stack, version },
      lockTimeoutSeconds: flags.lockTimeout,
    }),
  json: {
    format: 'tandem.state-restore/1',
    schema: async () => (await import('../../../actions/state/schema.ts')).stateRestoreSchema,
  },
  render: ({ stack, version }) =>
    `Version ${version} of ${stack} is restored. Compare it with the cloud: tandem plan --live ${stack}\n`,
});
