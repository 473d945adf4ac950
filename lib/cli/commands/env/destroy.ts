import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';

export const envDestroyVerb = defineVerb({
  brief: 'Destroy an environment: its stack, its lease, and everything that was made inside its project',
  description:
    'Names what will be lost, asks, deletes the lease and commits that, and removes everything inside the project. A checkout that lacks the lease cannot do it.',
  examples: [{ command: 'tandem env destroy alice' }],
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, _flags, name) => (await import('../../../actions/env/destroy.ts')).destroy(context, { name }),
  json: {
    format: 'tandem.env-destroy/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).destroyedSchema,
  },
  render: async (destroyed) => (await import('../../render/env.ts')).renderDestroyed(destroyed),
});
