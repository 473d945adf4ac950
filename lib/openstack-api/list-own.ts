import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import { kindOf } from './kinds/index.ts';
import type { ResourceKind } from './resource-kinds.ts';

const item = z.record(z.string(), z.unknown());

/**
 * Things of a kind that their own service says are the project's; none where the cloud has no such service. Whatever a service makes of a
 * filter: Cinder 21 gives the volumes of everybody to an administrator who asks for those of a project.
 */
export async function listOwn<T extends z.ZodType>(
  client: OpenStackClient,
  kind: ResourceKind,
  projectId: string,
  schema: T,
): Promise<z.output<T>[]> {
  const { service, lists, key, project } = kindOf(kind);
  if (project === undefined) throw new TypeError(`no ${kind} says whose it is`);
  if (!(await client.has(service))) return [];
  const found = await Promise.all(lists(projectId).map((path) => client.list(service, path, key, item)));
  return found.flat().flatMap((each) => (each[project] === projectId ? [schema.parse(each)] : []));
}
