import type { Cloud } from '../../config/schema/cloud.ts';
import type { EXTRA_SERVICES } from '../../config/schema/cloud-kolla.ts';
import { api, type ServiceKind, worker } from './service-kind.ts';

export type ExtraService = (typeof EXTRA_SERVICES)[number];

/** Whether a cloud runs a service that not every cloud has: by `kolla.services`, or by Kolla-Ansible's own switch. */
export function runsExtra({ kolla }: Cloud, service: ExtraService): boolean {
  const own = kolla?.globals[`enable_${service.replaceAll('-', '_')}`];
  return own === undefined ? (kolla?.services.includes(service) ?? false) : own === true || own === 'yes';
}

const asks = (name: string, ...more: readonly string[]) => api(name, 'keystone', 'rabbitmq', ...more);
const agrees = (name: string): ServiceKind => ({ ...worker(name), needs: [], quorum: 'majority' });

/**
 * What a switch brings, as far as somebody notices its loss. From the groups of Kolla-Ansible 2026.1's inventory and the
 * `transport_url` and `[coordination]` of its templates; what stands on compute hosts falls with them and is none.
 */
const EXTRAS: Readonly<Record<ExtraService, readonly ServiceKind[]>> = {
  aodh: [worker('aodh-evaluator'), asks('aodh-api')],
  barbican: [worker('barbican-worker'), asks('barbican-api')],
  blazar: [worker('blazar-manager'), asks('blazar-api', 'blazar-manager')],
  ceilometer: [worker('ceilometer-central'), worker('ceilometer-notification')],
  'central-logging': [agrees('opensearch')],
  cloudkitty: [worker('cloudkitty-processor'), asks('cloudkitty-api')],
  cyborg: [worker('cyborg-conductor'), asks('cyborg-api', 'cyborg-conductor')],
  gnocchi: [worker('gnocchi-metricd', 'valkey'), api('gnocchi-api', 'keystone', 'valkey')],
  grafana: [{ ...api('grafana'), role: 'monitoring', needs: ['mariadb'] }],
  heat: [worker('heat-engine'), asks('heat-api', 'heat-engine')],
  ironic: [worker('ironic-conductor', 'valkey'), asks('ironic-api', 'ironic-conductor')],
  magnum: [worker('magnum-conductor'), asks('magnum-api', 'magnum-conductor')],
  manila: [worker('manila-scheduler'), { ...worker('manila-share'), role: 'network' }, asks('manila-api')],
  // Pacemaker tells it which hosts died.
  masakari: [agrees('hacluster'), worker('masakari-engine', 'hacluster'), asks('masakari-api', 'valkey')],
  mistral: [worker('mistral-engine', 'valkey'), asks('mistral-api')],
  skyline: [api('skyline-apiserver', 'keystone')],
  tacker: [worker('tacker-conductor'), asks('tacker-server')],
  trove: [worker('trove-taskmanager'), asks('trove-api')],
  watcher: [worker('watcher-engine'), asks('watcher-api')],
};

/** In the order of their needs, like all services. */
export const EXTRA_KINDS: readonly ServiceKind[] = Object.entries(EXTRAS).flatMap(([name, kinds]) =>
  kinds.map((kind) => ({ ...kind, when: (cloud: Cloud) => runsExtra(cloud, name as ExtraService) })),
);
