import type { ResourceKind } from '../resource-kinds.ts';
import type { ServiceName } from '../session.ts';
import { gib, type KindOfResource } from './kind.ts';

type More = Partial<KindOfResource> & { readonly uses?: readonly string[] };

/** A collection of a service that tells a project's things only to a token of that project. */
function inside(kind: ResourceKind, service: ServiceName, path: string, more: More = {}): KindOfResource {
  const base = `/${path.replace(/\/detail$/, '')}`;
  return {
    ...{ kind, service, inside: true, project: undefined, uses: [] },
    lists: () => [`/${path}`],
    key: base.split('/').at(-1)?.replaceAll('-', '_') ?? '',
    one: (id) => `${base}/${id}`,
    ...more,
  };
}

const share: More = { project: 'project_id', headers: () => ({ 'x-openstack-manila-api-version': '2.55' }) };

/** What makes other things of its own, and would make them again: it goes before all else. */
export const CONTROLLERS: ReadonlySet<ResourceKind> = new Set([
  'orchestration-stack',
  'container-cluster',
  'database-cluster',
  'database-instance',
]);

export const INSIDE_KINDS: readonly KindOfResource[] = [
  inside('orchestration-stack', 'orchestration', 'stacks', {
    name: 'stack_name',
    state: 'stack_status',
    // Heat finds a stack by its id as well, and redirects; no redirect is followed, so the name is given too.
    one: (id, name) => `/stacks/${encodeURIComponent(name)}/${id}`,
  }),
  inside('container-cluster', 'containers', 'clusters', {
    ...{ id: 'uuid', project: 'project_id', uses: ['cluster_template_id'] },
  }),
  inside('container-cluster-template', 'containers', 'clustertemplates', { id: 'uuid', project: 'project_id' }),
  inside('database-cluster', 'database', 'clusters'),
  inside('database-instance', 'database', 'instances', { uses: ['configuration.id'] }),
  inside('database-backup', 'database', 'backups', { size: gib, usedBy: ['instance_id'] }),
  inside('database-configuration', 'database', 'configurations'),
  inside('share-snapshot', 'share', 'snapshots/detail', { ...share, size: gib, uses: ['share_id'] }),
  inside('share', 'share', 'shares/detail', { ...share, size: gib, uses: ['share_network_id', 'snapshot_id'] }),
  inside('share-network', 'share', 'share-networks/detail', {
    ...{ ...share, uses: ['neutron_net_id', 'neutron_subnet_id', 'share_network_subnets.neutron_net_id'] },
  }),
  inside('share-security-service', 'share', 'security-services/detail', share),
  inside('secret-order', 'secrets', 'orders', { id: 'order_ref', uses: ['secret_ref', 'container_ref'] }),
  inside('secret-container', 'secrets', 'containers', {
    ...{ id: 'container_ref', uses: ['secret_refs.secret_ref'] },
  }),
  inside('secret', 'secrets', 'secrets', { id: 'secret_ref' }),
  inside('object-container', 'objects', '', {
    lists: () => ['?format=json'],
    // The answer is the list itself.
    ...{ key: '', id: 'name', one: (id) => `/${encodeURIComponent(id)}` },
    size: (item) => Math.ceil((typeof item['bytes'] === 'number' ? item['bytes'] : 0) / 1024 ** 3),
  }),
];
