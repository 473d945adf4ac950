import { z } from 'zod';
import type { OpenStackClient } from '../client.ts';
import type { CloudResource } from '../cloud-api.ts';
import { ifThere } from '../errors.ts';

const assignment = z.object({ user: z.object({ id: z.string() }).optional() });
const credential = z.object({ id: z.string(), name: z.string(), project_id: z.string().nullish() });
const trust = z.object({ id: z.string(), project_id: z.string().nullish(), trustee_user_id: z.string().default('') });

const none = { sizeGiB: 0, state: '', createdAt: '', uses: [] };

/**
 * What opens a project and hangs on users: application credentials of the caller and of everybody who has a role in it, which
 * outlive the project, and trusts. Keystone removes assignments and other credentials with the project itself.
 */
export async function waysIn(client: OpenStackClient, projectId: string, callerId: string): Promise<CloudResource[]> {
  const assignments = `/role_assignments?scope.project.id=${projectId}&effective`;
  const assigned = await orNone(() => client.list('identity', assignments, 'role_assignments', assignment));
  const users = new Set([callerId, ...assigned.flatMap(({ user }) => user?.id ?? [])]);
  const found: CloudResource[] = [];
  for (const user of users) {
    const path = `/users/${user}/application_credentials`;
    const all = await orNone(() => client.list('identity', path, 'application_credentials', credential));
    for (const { id, name, project_id: of } of all)
      if (of === projectId) found.push({ ...none, kind: 'application-credential', id, name, projectId, parent: user });
  }
  const trusts = await orNone(() => client.list('identity', '/OS-TRUST/trusts', 'trusts', trust));
  for (const { id, project_id: of, trustee_user_id: trustee } of trusts)
    if (of === projectId) found.push({ ...none, kind: 'trust', id, name: `for user ${trustee}`, projectId });
  return found;
}

export async function closeWayIn(client: OpenStackClient, thing: CloudResource): Promise<void> {
  const path =
    thing.kind === 'trust'
      ? `/OS-TRUST/trusts/${thing.id}`
      : `/users/${thing.parent ?? ''}/application_credentials/${thing.id}`;
  await client.delete('identity', path);
}

/** The project or a user may be gone by now, and Keystone may be without trusts. */
async function orNone<T>(ask: () => Promise<T[]>): Promise<T[]> {
  return (await ifThere(ask)) ?? [];
}
