import type { KollaSettings } from './kolla-cloud.ts';

/** Where the hosts' container engine keeps Kolla's volumes: `container_engine_volumes_path` of Kolla's group variables. */
export function volumesFolder({
  containerEngine,
  globals,
}: Pick<KollaSettings, 'containerEngine' | 'globals'>): string {
  const folder = globals['docker_runtime_directory'];
  const own = typeof folder === 'string' && folder !== '' ? folder : undefined;
  return containerEngine === 'docker'
    ? `${own ?? '/var/lib/docker'}/volumes`
    : `${own ?? '/var/lib/containers'}/storage/volumes`;
}
