import { type Cloud, type Json, textOf } from './cloud.ts';
import { CATALOGUE, type CatalogueEntry, LAB_REGION } from './endpoints.ts';

/** Roles that services know and Keystone's bootstrap does not make. */
const ROLES = [
  'service',
  'load-balancer_member',
  'load-balancer_observer',
  'load-balancer_global_observer',
  'load-balancer_quota_admin',
  'load-balancer_admin',
  'creator',
];

/** Service users, their roles and the endpoints: what stands between a bootstrapped Keystone and a cloud. */
export async function writeCatalogue(cloud: Cloud, servicePassword: string): Promise<void> {
  const existing = list(await cloud.call('identity', '/v3/roles'), 'roles');
  const roles = new Map(existing.map((role) => [role['name'] as string, role['id'] as string]));
  await Promise.all(
    ROLES.filter((name) => !roles.has(name)).map(async (name) => {
      roles.set(
        name,
        id(await cloud.call('identity', '/v3/roles', { method: 'POST', body: { role: { name } } }), 'role'),
      );
    }),
  );
  const project = await cloud.call('identity', '/v3/projects', {
    method: 'POST',
    body: { project: { name: 'service', domain_id: 'default' } },
  });
  const serviceProject = id(project, 'project');
  const role = (name: string): string => roles.get(name) ?? '';

  const addService = async (entry: CatalogueEntry): Promise<void> => {
    const user = id(
      await cloud.call('identity', '/v3/users', {
        method: 'POST',
        body: { user: { name: entry.user, password: servicePassword, domain_id: 'default' } },
      }),
      'user',
    );
    for (const name of ['admin', 'service']) await assign(cloud, serviceProject, user, role(name));
    const service = id(
      await cloud.call('identity', '/v3/services', {
        method: 'POST',
        body: { service: { name: entry.user, type: entry.type } },
      }),
      'service',
    );
    for (const face of ['public', 'internal', 'admin']) {
      await cloud.call('identity', '/v3/endpoints', {
        method: 'POST',
        body: { endpoint: { service_id: service, interface: face, region_id: LAB_REGION, url: entry.url } },
      });
    }
  };
  await Promise.all(CATALOGUE.map(addService));

  const admin = list(await cloud.call('identity', '/v3/users?name=admin'), 'users')[0];
  await assign(cloud, await cloud.projectId(), textOf(admin?.['id']), role('load-balancer_admin'));
}

async function assign(cloud: Cloud, project: string, user: string, role: string): Promise<void> {
  await cloud.call('identity', `/v3/projects/${project}/users/${user}/roles/${role}`, { method: 'PUT' });
}

function id(answer: Record<string, Json>, key: string): string {
  return textOf((answer[key] as Record<string, Json>)['id']);
}

/** The objects of a listing. */
export function list(answer: Record<string, Json>, key: string): readonly Record<string, Json>[] {
  return (answer[key] ?? []) as readonly Record<string, Json>[];
}
