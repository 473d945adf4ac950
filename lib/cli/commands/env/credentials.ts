import { leaseArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes, toggle } from '../../flags.ts';

export const envCredentialsVerb = defineVerb({
  brief: "Write the clouds.yaml of an environment's owner",
  description:
    'Each environment has a Keystone user of its own, with roles in its own project alone. Writes an application credential of that user, which works until the lease ends, to .tandem/credentials/NAME/clouds.yaml; one that is there and works is kept.',
  examples: [
    { command: 'tandem env credentials alice' },
    { command: 'tandem env credentials alice --rotate', does: 'a new one; all earlier ones stop working' },
  ],
  flags: { rotate: toggle('Issue a new one, and revoke all that were issued before') },
  arguments: takes(leaseArgument),
  action: async (context, { rotate }, name) =>
    (await import('../../../actions/env/credentials.ts')).credentials(context, { name, rotate }),
  json: {
    format: 'tandem.env-credentials/1',
    schema: async () => (await import('../../../actions/env/schema.ts')).credentialsSchema,
  },
  render: async (credentials) => (await import('../../render/env.ts')).renderCredentials(credentials),
});
