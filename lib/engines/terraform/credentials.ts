import { z } from 'zod';
import type { Credentials } from '../../openstack-api/credentials.ts';

const domain = z.union([z.object({ id: z.string() }), z.object({ name: z.string() })]);
const password = z.object({
  auth: z.object({
    identity: z.object({
      password: z.object({
        user: z.union([
          z.object({ id: z.string(), password: z.string() }),
          z.object({ name: z.string(), domain, password: z.string() }),
        ]),
      }),
    }),
  }),
});
const token = z.object({ auth: z.object({ identity: z.object({ token: z.object({ id: z.string() }) }) }) });

/**
 * Who calls, as variables: the provider that works inside a stack's own project takes it from there, since it ignores the project
 * where it reads clouds.yaml itself (docs/decisions/0004-openstack-credentials.md). For the environment of Terraform's process alone.
 * An application credential belongs to one project and gives none.
 */
export function credentialVariables(credentials: Credentials): Record<string, string> {
  const request = credentials.request();
  const byToken = token.safeParse(request);
  if (byToken.success) return { OS_TOKEN: byToken.data.auth.identity.token.id };
  const byPassword = password.safeParse(request);
  if (!byPassword.success) return {};
  const { user } = byPassword.data.auth.identity.password;
  const secret = { OS_PASSWORD: user.password };
  if ('id' in user) return { OS_USER_ID: user.id, ...secret };
  const where = 'id' in user.domain ? { OS_USER_DOMAIN_ID: user.domain.id } : { OS_USER_DOMAIN_NAME: user.domain.name };
  return { OS_USERNAME: user.name, ...where, ...secret };
}
