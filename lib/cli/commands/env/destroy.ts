import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes, texts } from '../../flags.ts';

export const envDestroyVerb = defineVerb({
  brief: 'Destroy an environment: its stack, its lease, and everything that was made inside its project',
  description:
    'Names what will be lost, asks, deletes the lease and commits that, and removes everything inside the project, whoever made it. What another project holds is named, and can be left behind. A checkout that lacks the lease cannot do it.',
  examples: [
    { command: 'tandem env destroy alice' },
    {
      command: 'tandem env destroy alice --orphan network/6c50605c-0580-451c-8105-c6fff880881d',
      does: 'Leaves exactly that behind, in a project that is disabled and renamed',
    },
  ],
  flags: {
    orphan: texts('Thing to leave behind, as KIND/ID; may be repeated', 'KIND/ID'),
  },
  arguments: takes(leaseArgument),
  asks: true,
  resources: true,
  action: async (context, { orphan: orphans = [] }, name) =>
    (await import('../../../actions/env/destroy.ts')).destroy(context, { name, orphans }),
  json: {
    format: 'tandem.env-destroy/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).destroyedSchema,
  },
  render: async (destroyed) => (await import('../../render/env.ts')).renderDestroyed(destroyed),
});
