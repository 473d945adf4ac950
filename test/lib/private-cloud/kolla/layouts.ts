import { type Cloud, cloudSchema } from '../../../../lib/config/schema/cloud.ts';

type Layout = Cloud['layout'];
type Hosts = Record<string, { rack: string; roles: string[]; hardware: string; firstAddress: string; count?: number }>;

const RACKS = ['a', 'b', 'c'] as const;

/** One host a rack for each of the roles: `database-a-1`, `database-b-1`, `database-c-1`. */
function across(name: string, roles: string[], from: number): Hosts {
  return Object.fromEntries(
    RACKS.map((rack, index) => [
      `${name}-${rack}`,
      { rack, roles, hardware: 'service', firstAddress: `10.10.0.${from + index}` },
    ]),
  );
}

const HOSTS: Readonly<Record<Layout, Hosts>> = {
  starter: {
    control: { rack: 'a', roles: ['control', 'network', 'storage'], hardware: 'service', firstAddress: '10.10.0.11' },
    compute: { rack: 'a', roles: ['compute'], hardware: 'compute', firstAddress: '10.10.0.101' },
  },
  converged: {
    ...across('control', ['control', 'network', 'storage'], 11),
    compute: { rack: 'a', roles: ['compute'], hardware: 'compute', firstAddress: '10.10.0.101' },
  },
  separated: {
    ...across('control', ['control'], 11),
    ...across('database', ['database'], 21),
    ...across('queue', ['queue'], 31),
    ...across('ovn', ['ovn'], 41),
    ...across('balancer', ['load-balancer', 'network'], 51),
    ...across('storage', ['storage'], 71),
    compute: { rack: 'a', roles: ['compute'], hardware: 'compute', firstAddress: '10.10.0.101' },
    tools: { rack: 'b', roles: ['monitoring', 'deployment'], hardware: 'service', firstAddress: '10.10.0.201' },
  },
};

/** A cloud of each layout that is as small as the layout can be. */
export function cloudOf(layout: Layout): Cloud {
  const starter = layout === 'starter';
  return cloudSchema.parse({
    layout,
    endpoint: { authUrl: 'https://cloud.example.org:5000/v3', cloudsYaml: 'cloud' },
    racks: { a: {}, b: {}, c: {} },
    hardware: {
      service: { vcpus: 32, memoryGiB: 128, diskGiB: 960 },
      compute: { vcpus: 128, memoryGiB: 1024, diskGiB: 6400, reservedMemoryGiB: 32 },
    },
    hosts: HOSTS[layout],
    planes: {
      internal: { cidr: '10.10.0.0/24', mtu: 9000, interface: 'bond0.100' },
      external: { cidr: '10.10.1.0/24', interface: 'bond0.101' },
      tunnel: { cidr: '10.10.2.0/24', mtu: 9000, interface: 'bond0.102' },
    },
    ...(starter
      ? {}
      : {
          vips: {
            internal: { address: '10.10.0.250', fqdn: 'internal.cloud.example.org' },
            external: { address: '10.10.1.250', fqdn: 'cloud.example.org' },
            routerId: 77,
            tls: { internal: false, external: true },
          },
        }),
    zones: { a: { racks: ['a'] } },
    storage: {
      backend: starter ? 'lvm' : 'ceph',
      replicas: starter ? 1 : 3,
      usableGiB: 1000,
      volumeTypes: { standard: {} },
    },
    networks: {
      public: {
        physicalNetwork: 'physnet1',
        type: 'vlan',
        segment: 200,
        cidr: '198.18.0.0/24',
        gateway: '198.18.0.1',
        allocation: { first: '198.18.0.50', last: '198.18.0.250' },
      },
    },
    tenants: { dev: { cidr: '10.64.0.0/12' } },
    dns: { zone: 'dev.example.org', email: 'cloud@example.org' },
    images: {},
    flavors: {},
    kolla: { secrets: '/etc/kolla/cloud', providerInterfaces: { physnet1: 'bond1' } },
  });
}

export const LAYOUTS: readonly Layout[] = ['starter', 'converged', 'separated'];
