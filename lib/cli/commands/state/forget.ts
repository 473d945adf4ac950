import { stackArgument, versionArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { lockTimeout, takes } from '../../flags.ts';

export const stateForgetVerb = defineVerb({
  brief: 'Forget what was left behind in another place',
  description: [
    'For what a deploy with --leave-behind left, once it is destroyed there, or somebody else cares for it: `tandem list` and `tandem doctor`',
    'tell of it no longer. Asks no cloud. The version stays with the others until it is old.',
  ].join('\n'),
  examples: [{ command: 'tandem state forget aws/prod/network 20261128T055004123-9f3a1c7e-left' }],
  flags: { lockTimeout },
  arguments: takes(stackArgument, versionArgument),
  asks: true,
  action: async (context, flags, stack, version) =>
    (await import('../../../actions/state/state.ts')).forgetState(context, {
      ...{ stack, version },
      lockTimeoutSeconds: flags.lockTimeout,
    }),
  json: {
    format: 'tandem.state-forget/1',
    schema: async () => (await import('../../../actions/state/schema.ts')).stateForgetSchema,
  },
  render: ({ stack, version, moment }) =>
    `${stack}, which was ${moment}, is no longer told of; version ${version} had it.\n`,
});
