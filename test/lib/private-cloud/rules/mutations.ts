import { Draft, type Files, lease, type Shape, soundCloud } from './sound-cloud.ts';

/** One change that breaks one rule. */
export interface Mutation {
  readonly code: string;
  readonly what: string;
  /** What the cloud must be like for the change to break that rule and no other. */
  readonly on: Partial<Shape>;
  readonly change: (cloud: Draft, files: Files, shape: Shape) => void;
}

const converged = { layout: 'converged', controllers: 3 } as const;
const separated = { layout: 'separated', controllers: 3, balancers: 2 } as const;
const ceph = { ...converged, backend: 'ceph' } as const;
const empty = { leases: 0 } as const;
const kolla = { ...converged, kolla: true } as const;

/** A second cloud beside the first. */
function second(files: Files, shape: Shape): Draft {
  const content = soundCloud(shape, 2);
  files['config/clouds/two.yaml'] = content;
  return new Draft(content);
}

/** As many leases as wanted of one tier, spread over all zones. */
function fill(files: Files, leases: number, count: number, flavor: string): void {
  files['config/blueprints/full.yaml'] = { description: 'Full', tiers: { node: { image: 'debian', flavor, count } } };
  for (let index = 0; index < leases; index += 1) files[`config/dev/full${index}.yaml`] = lease('full');
}

export const MUTATIONS: readonly Mutation[] = [
  {
    code: 'quorum-too-small',
    what: 'a controller of three removed',
    on: converged,
    change: (cloud) => cloud.drop('hosts.control-3'),
  },
  {
    code: 'quorum-too-small',
    what: 'a database of three removed',
    on: separated,
    change: (cloud) => cloud.drop('hosts.database-3'),
  },
  {
    code: 'even-quorum',
    what: 'a fourth controller',
    on: { ...converged, racks: 4 },
    change: (cloud) =>
      cloud.set('hosts.control-4', {
        rack: 'd',
        roles: ['control', 'network'],
        hardware: 'big',
        firstAddress: '10.1.2.1',
      }),
  },
  {
    code: 'even-quorum',
    what: 'four monitors',
    on: { ...ceph, monitors: true, racks: 4 },
    change: (cloud) => cloud.push('storage.monitors', 'storage-d-1'),
  },
  {
    code: 'even-quorum',
    what: 'two controllers of a starter',
    on: { layout: 'starter' },
    change: (cloud) => cloud.set('hosts.control.count', 2),
  },
  {
    code: 'rack-holds-majority',
    what: 'two controllers in a rack',
    on: converged,
    change: (cloud) => cloud.set('hosts.control-2.rack', 'a'),
  },
  {
    code: 'rack-holds-majority',
    what: 'two monitors in a rack',
    on: { ...ceph, monitors: true, storagePerRack: 2, domain: 'rack' },
    change: (cloud) => cloud.set('storage.monitors', ['storage-a-1', 'storage-a-2', 'storage-b-1']),
  },
  {
    code: 'feed-holds-majority',
    what: 'two racks on one power feed',
    on: { ...converged, ...empty },
    change: (cloud) => {
      cloud.set('racks.a.powerFeeds', ['shared']);
      cloud.set('racks.b.powerFeeds', ['shared']);
    },
  },
  {
    code: 'switch-holds-majority',
    what: 'two racks on one switch',
    on: { ...converged, ...empty },
    change: (cloud) => {
      cloud.set('racks.a.switches', ['shared']);
      cloud.set('racks.b.switches', ['shared']);
    },
  },
  { code: 'too-few-members', what: 'one balancer', on: separated, change: (cloud) => cloud.drop('hosts.balancer-2') },
  {
    code: 'rack-holds-all',
    what: 'both balancers in a rack',
    on: separated,
    change: (cloud) => cloud.set('hosts.balancer-1.rack', cloud.get('hosts.balancer-2.rack')),
  },
  {
    code: 'feed-holds-all',
    what: 'both balancers on one feed',
    on: { ...separated, ...empty, racks: 4 },
    change: (cloud) => {
      cloud.set('racks.c.powerFeeds', ['shared']);
      cloud.set('racks.d.powerFeeds', ['shared']);
    },
  },
  {
    code: 'switch-holds-all',
    what: 'both balancers on one switch',
    on: { ...separated, ...empty, racks: 4 },
    change: (cloud) => {
      cloud.set('racks.c.switches', ['shared']);
      cloud.set('racks.d.switches', ['shared']);
    },
  },
  {
    code: 'role-not-separated',
    what: 'no OVN hosts',
    on: separated,
    change: (cloud) => {
      for (const index of [1, 2, 3]) cloud.drop(`hosts.ovn-${index}`);
    },
  },
  {
    code: 'storage-not-shared',
    what: "volumes on hosts' disks",
    on: { ...ceph, monitors: false },
    change: (cloud) => cloud.set('storage.backend', 'lvm'),
  },
  {
    code: 'storage-single-copy',
    what: 'a single copy',
    on: converged,
    change: (cloud) => cloud.set('storage.replicas', 1),
  },
  { code: 'storage-two-copies', what: 'two copies', on: ceph, change: (cloud) => cloud.set('storage.replicas', 2) },
  {
    code: 'storage-too-few-domains',
    what: 'more copies than racks',
    on: { ...ceph, racks: 3 },
    change: (cloud) => cloud.set('storage.replicas', 4),
  },
  {
    code: 'storage-domain-too-small',
    what: 'two copies in a rack',
    on: { ...ceph, storagePerRack: 2, domain: 'rack' },
    change: (cloud) => cloud.set('storage.failureDomain', 'host'),
  },
  {
    code: 'unknown-host',
    what: 'a monitor nowhere',
    on: { ...ceph, monitors: true },
    change: (cloud) => cloud.push('storage.monitors', 'storage-z-1'),
  },
  {
    code: 'duplicate-monitor',
    what: 'a monitor twice',
    on: { ...ceph, monitors: true },
    change: (cloud) => cloud.push('storage.monitors', 'storage-a-1'),
  },
  { code: 'vip-missing', what: 'no VIP', on: converged, change: (cloud) => cloud.drop('vips') },
  {
    code: 'vip-name-shared',
    what: 'a name of another cloud',
    on: { ...converged, external: true, certificates: 'none' },
    change: (cloud, files, shape) => second(files, shape).set('vips.internal.fqdn', cloud.get('vips.internal.fqdn')),
  },
  {
    code: 'router-id-taken',
    what: 'a router id of another cloud',
    on: converged,
    change: (cloud, files, shape) => second(files, shape).set('vips.routerId', cloud.get('vips.routerId')),
  },
  {
    code: 'tls-needs-distinct-vips',
    what: 'TLS on one of two VIPs that are one',
    on: { ...converged, external: false, tls: true },
    change: (cloud) => cloud.set('vips.tls.external', false),
  },
  {
    code: 'certificate-without-name',
    what: 'a certificate of somebody else',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => cloud.set('vips.tls.certificates.internal.names', ['other.example.org']),
  },
  {
    code: 'certificate-without-name',
    what: 'a star for two labels',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => cloud.set('vips.tls.certificates.internal.names', ['*.example.org']),
  },
  {
    code: 'endpoint-not-vip',
    what: 'a controller as endpoint',
    on: converged,
    change: (cloud) => cloud.set('endpoint.authUrl', 'https://control.example.org:5000/v3'),
  },
  {
    code: 'endpoint-scheme',
    what: 'an endpoint without TLS',
    on: { ...converged, tls: true },
    change: (cloud) => cloud.set('endpoint.authUrl', String(cloud.get('endpoint.authUrl')).replace('https', 'http')),
  },
  {
    code: 'plane-missing',
    what: 'no plane for tunnels',
    on: converged,
    change: (cloud) => cloud.drop('planes.tunnel'),
  },
  {
    code: 'plane-missing',
    what: 'no plane for replication',
    on: { ...separated, backend: 'ceph' },
    change: (cloud) => cloud.drop('planes.storageCluster'),
  },
  {
    code: 'planes-share-interface',
    what: 'two planes on an interface',
    on: converged,
    change: (cloud) => cloud.set('planes.storage.interface', cloud.get('planes.tunnel.interface')),
  },
  {
    code: 'tunnel-mtu',
    what: 'packets a byte too long',
    on: converged,
    change: (cloud) => cloud.set('tenantMtu', Number(cloud.get('tenantMtu')) + 1),
  },
  {
    code: 'tunnel-mtu',
    what: 'the same on a starter',
    on: { layout: 'starter' },
    change: (cloud) => cloud.set('tenantMtu', Number(cloud.get('tenantMtu')) + 1),
  },
  {
    code: 'physical-network-without-interface',
    what: 'a bridge to nowhere',
    on: kolla,
    change: (cloud) => cloud.set('kolla.providerInterfaces', {}),
  },
  {
    code: 'provider-interface-is-plane',
    what: "a plane's interface in a bridge",
    on: kolla,
    change: (cloud) => cloud.set('kolla.providerInterfaces.physnet1', cloud.get('planes.storage.interface')),
  },
  {
    code: 'provider-interface-taken',
    what: 'two bridges on an interface',
    on: kolla,
    change: (cloud) => {
      cloud.set('kolla.providerInterfaces.physnet2', 'bond1');
      addNetwork(cloud, 'physnet2');
    },
  },
  {
    code: 'bridge-name-taken',
    what: 'two bridges of one name',
    on: kolla,
    change: (cloud) => {
      for (const index of [1, 2]) cloud.set(`kolla.providerInterfaces.machine-room-${index}`, `bond${index + 1}`);
      for (const index of [1, 2]) addNetwork(cloud, `machine-room-${index}`, index);
    },
  },
  {
    code: 'unused-physical-network',
    what: 'a bridge for nothing',
    on: kolla,
    change: (cloud) => cloud.set('kolla.providerInterfaces.physnet2', 'bond2'),
  },
  {
    code: 'segment-is-plane',
    what: "a plane's VLAN for tenants",
    on: kolla,
    change: (cloud) => {
      cloud.set('kolla.providerInterfaces.physnet1', 'bond0');
      cloud.set('networks.public.segment', cloud.get('planes.storage.vlan'));
    },
  },
  {
    code: 'too-few-time-sources',
    what: 'one clock',
    on: converged,
    change: (cloud) => cloud.set('time.sources', ['192.168.0.1']),
  },
  { code: 'too-few-time-sources', what: 'no word of clocks', on: converged, change: (cloud) => cloud.drop('time') },
  {
    code: 'few-time-sources',
    what: 'two clocks',
    on: converged,
    change: (cloud) => cloud.set('time.sources.length', 2),
  },
  {
    code: 'few-time-sources',
    what: 'three clocks',
    on: converged,
    change: (cloud) => cloud.set('time.sources.length', 3),
  },
  {
    code: 'duplicate-time-source',
    what: 'a clock twice',
    on: converged,
    change: (cloud) => cloud.push('time.sources', '192.168.0.1'),
  },
  {
    code: 'time-source-inside-cloud',
    what: 'a host as clock',
    on: converged,
    change: (cloud) => cloud.set('time.sources.0', '10.1.0.10'),
  },
  {
    code: 'time-source-inside-cloud',
    what: 'a clock in the zone that the cloud serves',
    on: converged,
    change: (cloud) => cloud.set('time.sources.2', 'ntp.dev.c1.example.org'),
  },
  {
    code: 'too-few-resolvers',
    what: 'one resolver',
    on: converged,
    change: (cloud) => cloud.set('resolvers.length', 1),
  },
  {
    code: 'duplicate-resolver',
    what: 'a resolver twice',
    on: converged,
    change: (cloud) => cloud.push('resolvers', '192.168.0.53'),
  },
  {
    code: 'resolver-inside-cloud',
    what: 'a VIP as resolver',
    on: converged,
    change: (cloud) => cloud.set('resolvers.0', cloud.get('vips.internal.address')),
  },
  {
    code: 'resolver-inside-cloud',
    what: 'a floating address as resolver',
    on: converged,
    change: (cloud) => cloud.set('resolvers.0', '198.18.1.20'),
  },
  {
    code: 'no-placement',
    what: 'three servers apart in a zone of two hosts, which no sum tells',
    on: { ...converged, ...empty, zones: 'rack', compute: 4 },
    change: (cloud, files, { racks }) => {
      cloud.set('hosts.compute-a.count', 2);
      fill(files, 1, 3 * racks, 'small');
    },
  },
  {
    code: 'no-spare-capacity',
    what: 'every host full',
    on: { ...converged, ...empty, zones: 'rack', compute: 2 },
    change: (_cloud, files, { racks }) => fill(files, 2, racks, 'whole'),
  },
  {
    code: 'no-spare-capacity',
    what: 'racks of one zone full',
    on: { ...separated, ...empty, zones: 'one', compute: 2 },
    change: (_cloud, files, { racks }) => fill(files, 2 * racks - 1, 1, 'whole'),
  },
  {
    code: 'no-spare-host',
    what: 'a server on every host of each zone',
    on: { ...converged, ...empty, zones: 'rack', compute: 2 },
    change: (_cloud, files, { racks }) => fill(files, 1, 2 * racks, 'small'),
  },
];

function addNetwork(cloud: Draft, physicalNetwork: string, index = 1): void {
  cloud.set(`networks.${physicalNetwork}`, {
    physicalNetwork,
    type: 'flat',
    cidr: `198.19.${index}.0/24`,
    gateway: `198.19.${index}.1`,
    allocation: { first: `198.19.${index}.10`, last: `198.19.${index}.250` },
  });
}
