import type { LabEndpoints } from './types.ts';

export const LAB_REGION = 'RegionOne';
export const AUTH_URL = 'http://127.0.0.1:5000/v3';

/** Everything that listens, and nothing does so elsewhere than on 127.0.0.1. */
export const LAB_PORTS = {
  keystone: 5000,
  placement: 8778,
  nova: 8774,
  cinder: 8776,
  designate: 9001,
  glance: 9292,
  neutron: 9696,
  octavia: 9876,
  barbican: 9311,
  'designate-mdns': 5354,
  rabbitmq: 5672,
  'rabbitmq-distribution': 25672,
  epmd: 4369,
  memcached: 11211,
  'ovn-nb': 6641,
  'ovn-sb': 6642,
} as const;

const at = (port: number): string => `http://127.0.0.1:${port}`;

export const LAB_ENDPOINTS: LabEndpoints = {
  identity: at(LAB_PORTS.keystone),
  image: at(LAB_PORTS.glance),
  placement: at(LAB_PORTS.placement),
  compute: at(LAB_PORTS.nova),
  network: at(LAB_PORTS.neutron),
  volume: at(LAB_PORTS.cinder),
  'load-balancer': at(LAB_PORTS.octavia),
  dns: at(LAB_PORTS.designate),
  'key-manager': at(LAB_PORTS.barbican),
};

/** A line of the service catalogue; Keystone's own comes from its bootstrap. */
export interface CatalogueEntry {
  readonly user: string;
  readonly type: string;
  readonly url: string;
}

export const CATALOGUE: readonly CatalogueEntry[] = [
  { user: 'glance', type: 'image', url: LAB_ENDPOINTS.image },
  { user: 'placement', type: 'placement', url: LAB_ENDPOINTS.placement },
  { user: 'nova', type: 'compute', url: `${LAB_ENDPOINTS.compute}/v2.1` },
  { user: 'neutron', type: 'network', url: LAB_ENDPOINTS.network },
  { user: 'cinder', type: 'volumev3', url: `${LAB_ENDPOINTS.volume}/v3/%(project_id)s` },
  { user: 'octavia', type: 'load-balancer', url: LAB_ENDPOINTS['load-balancer'] },
  { user: 'designate', type: 'dns', url: LAB_ENDPOINTS.dns },
  { user: 'barbican', type: 'key-manager', url: LAB_ENDPOINTS['key-manager'] },
];
