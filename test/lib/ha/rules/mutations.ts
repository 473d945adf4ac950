import { CLOUD, type Content, type Files, lease, type Shape, soundCloud } from './sound-cloud.ts';

/** One change that breaks one rule. */
export interface Mutation {
  readonly code: string;
  readonly what: string;
  /** What the cloud must be like for the change to break that rule and no other. */
  readonly on: Partial<Shape>;
  readonly change: (cloud: Content, files: Files, shape: Shape) => void;
}

const converged = { layout: 'converged', controllers: 3 } as const;
const separated = { layout: 'separated', controllers: 3, balancers: 2 } as const;
const ceph = { ...converged, backend: 'ceph' } as const;
const empty = { leases: 0 } as const;
const kolla = { ...converged, kolla: true } as const;

/** A second cloud beside the first. */
const second = (files: Files, shape: Shape): Content => (files['config/clouds/two.yaml'] = soundCloud(shape, 2));

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
    change: (cloud) => delete cloud.hosts['control-3'],
  },
  {
    code: 'quorum-too-small',
    what: 'a database of three removed',
    on: separated,
    change: (cloud) => delete cloud.hosts['database-3'],
  },
  {
    code: 'even-quorum',
    what: 'a fourth controller',
    on: { ...converged, racks: 4 },
    change: (cloud) =>
      (cloud.hosts['control-4'] = { ...cloud.hosts['control-1'], rack: 'd', firstAddress: '10.1.2.1' }),
  },
  {
    code: 'even-quorum',
    what: 'four monitors',
    on: { ...ceph, monitors: true, racks: 4 },
    change: (cloud) => cloud.storage.monitors.push('storage-d-1'),
  },
  {
    code: 'even-quorum',
    what: 'two controllers of a starter',
    on: { layout: 'starter' },
    change: (cloud) => (cloud.hosts.control.count = 2),
  },
  {
    code: 'rack-holds-majority',
    what: 'two controllers in a rack',
    on: converged,
    change: (cloud) => (cloud.hosts['control-2'].rack = 'a'),
  },
  {
    code: 'rack-holds-majority',
    what: 'two monitors in a rack',
    on: { ...ceph, monitors: true, storagePerRack: 2, domain: 'rack' },
    change: (cloud) => (cloud.storage.monitors = ['storage-a-1', 'storage-a-2', 'storage-b-1']),
  },
  {
    code: 'feed-holds-majority',
    what: 'two racks on one power feed',
    on: { ...converged, ...empty },
    change: (cloud) => (cloud.racks.a.powerFeeds = cloud.racks.b.powerFeeds = ['shared']),
  },
  {
    code: 'switch-holds-majority',
    what: 'two racks on one switch',
    on: { ...converged, ...empty },
    change: (cloud) => (cloud.racks.a.switches = cloud.racks.b.switches = ['shared']),
  },
  { code: 'too-few-members', what: 'one balancer', on: separated, change: (cloud) => delete cloud.hosts['balancer-2'] },
  {
    code: 'rack-holds-all',
    what: 'both balancers in a rack',
    on: separated,
    change: (cloud) => (cloud.hosts['balancer-1'].rack = cloud.hosts['balancer-2'].rack),
  },
  {
    code: 'feed-holds-all',
    what: 'both balancers on one feed',
    on: { ...separated, ...empty, racks: 4 },
    change: (cloud) => (cloud.racks.c.powerFeeds = cloud.racks.d.powerFeeds = ['shared']),
  },
  {
    code: 'switch-holds-all',
    what: 'both balancers on one switch',
    on: { ...separated, ...empty, racks: 4 },
    change: (cloud) => (cloud.racks.c.switches = cloud.racks.d.switches = ['shared']),
  },
  {
    code: 'role-not-separated',
    what: 'no OVN hosts',
    on: separated,
    change: (cloud) => [1, 2, 3].forEach((index) => delete cloud.hosts[`ovn-${index}`]),
  },
  {
    code: 'storage-not-shared',
    what: "volumes on hosts' disks",
    on: { ...ceph, monitors: false },
    change: (cloud) => (cloud.storage.backend = 'lvm'),
  },
  {
    code: 'storage-single-copy',
    what: 'a single copy',
    on: converged,
    change: (cloud) => (cloud.storage.replicas = 1),
  },
  { code: 'storage-two-copies', what: 'two copies', on: ceph, change: (cloud) => (cloud.storage.replicas = 2) },
  {
    code: 'storage-too-few-domains',
    what: 'more copies than racks',
    on: { ...ceph, racks: 3 },
    change: (cloud) => (cloud.storage.replicas = 4),
  },
  {
    code: 'storage-domain-too-small',
    what: 'two copies in a rack',
    on: { ...ceph, storagePerRack: 2, domain: 'rack' },
    change: (cloud) => (cloud.storage.failureDomain = 'host'),
  },
  {
    code: 'unknown-host',
    what: 'a monitor nowhere',
    on: { ...ceph, monitors: true },
    change: (cloud) => cloud.storage.monitors.push('storage-z-1'),
  },
  {
    code: 'duplicate-monitor',
    what: 'a monitor twice',
    on: { ...ceph, monitors: true },
    change: (cloud) => cloud.storage.monitors.push('storage-a-1'),
  },
  { code: 'vip-missing', what: 'no VIP', on: converged, change: (cloud) => delete cloud.vips },
  {
    code: 'vip-name-shared',
    what: 'a name of another cloud',
    on: { ...converged, external: true, certificates: 'none' },
    change: (cloud, files, shape) => (second(files, shape).vips.internal.fqdn = cloud.vips.internal.fqdn),
  },
  {
    code: 'router-id-taken',
    what: 'a router id of another cloud',
    on: converged,
    change: (cloud, files, shape) => (second(files, shape).vips.routerId = cloud.vips.routerId),
  },
  {
    code: 'tls-needs-distinct-vips',
    what: 'TLS on one of two VIPs that are one',
    on: { ...converged, external: false, tls: true },
    change: (cloud) => (cloud.vips.tls.external = false),
  },
  {
    code: 'certificate-without-name',
    what: 'a certificate of somebody else',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => (cloud.vips.tls.certificates.internal.names = ['other.example.org']),
  },
  {
    code: 'certificate-without-name',
    what: 'a star for two labels',
    on: { ...converged, tls: true, certificates: 'exact' },
    change: (cloud) => (cloud.vips.tls.certificates.internal.names = ['*.example.org']),
  },
  {
    code: 'endpoint-not-vip',
    what: 'a controller as endpoint',
    on: converged,
    change: (cloud) => (cloud.endpoint.authUrl = 'https://control.example.org:5000/v3'),
  },
  {
    code: 'endpoint-scheme',
    what: 'an endpoint without TLS',
    on: { ...converged, tls: true },
    change: (cloud) => (cloud.endpoint.authUrl = cloud.endpoint.authUrl.replace('https', 'http')),
  },
  { code: 'plane-missing', what: 'no plane for tunnels', on: converged, change: (cloud) => delete cloud.planes.tunnel },
  {
    code: 'plane-missing',
    what: 'no plane for replication',
    on: { ...separated, backend: 'ceph' },
    change: (cloud) => delete cloud.planes.storageCluster,
  },
  {
    code: 'planes-share-interface',
    what: 'two planes on an interface',
    on: converged,
    change: (cloud) => (cloud.planes.storage.interface = cloud.planes.tunnel.interface),
  },
  { code: 'tunnel-mtu', what: 'packets a byte too long', on: converged, change: (cloud) => (cloud.tenantMtu += 1) },
  {
    code: 'tunnel-mtu',
    what: 'the same on a starter',
    on: { layout: 'starter' },
    change: (cloud) => (cloud.tenantMtu += 1),
  },
  {
    code: 'physical-network-without-interface',
    what: 'a bridge to nowhere',
    on: kolla,
    change: (cloud) => (cloud.kolla.providerInterfaces = {}),
  },
  {
    code: 'provider-interface-is-plane',
    what: "a plane's interface in a bridge",
    on: kolla,
    change: (cloud) => (cloud.kolla.providerInterfaces.physnet1 = cloud.planes.storage.interface),
  },
  {
    code: 'provider-interface-taken',
    what: 'two bridges on an interface',
    on: kolla,
    change: (cloud) => {
      cloud.kolla.providerInterfaces.physnet2 = 'bond1';
      addNetwork(cloud, 'physnet2');
    },
  },
  {
    code: 'bridge-name-taken',
    what: 'two bridges of one name',
    on: kolla,
    change: (cloud) => {
      for (const index of [1, 2]) cloud.kolla.providerInterfaces[`machine-room-${index}`] = `bond${index + 1}`;
      for (const index of [1, 2]) addNetwork(cloud, `machine-room-${index}`);
    },
  },
  {
    code: 'unused-physical-network',
    what: 'a bridge for nothing',
    on: kolla,
    change: (cloud) => (cloud.kolla.providerInterfaces.physnet2 = 'bond2'),
  },
  {
    code: 'segment-is-plane',
    what: "a plane's VLAN for tenants",
    on: kolla,
    change: (cloud) => {
      cloud.kolla.providerInterfaces.physnet1 = 'bond0';
      cloud.networks.public.segment = cloud.planes.storage.vlan;
    },
  },
  {
    code: 'too-few-time-sources',
    what: 'one clock',
    on: converged,
    change: (cloud) => (cloud.time.sources = ['192.168.0.1']),
  },
  { code: 'too-few-time-sources', what: 'no word of clocks', on: converged, change: (cloud) => delete cloud.time },
  { code: 'few-time-sources', what: 'two clocks', on: converged, change: (cloud) => (cloud.time.sources.length = 2) },
  { code: 'few-time-sources', what: 'three clocks', on: converged, change: (cloud) => (cloud.time.sources.length = 3) },
  {
    code: 'duplicate-time-source',
    what: 'a clock twice',
    on: converged,
    change: (cloud) => cloud.time.sources.push('192.168.0.1'),
  },
  {
    code: 'time-source-inside-cloud',
    what: 'a host as clock',
    on: converged,
    change: (cloud) => (cloud.time.sources[0] = '10.1.0.10'),
  },
  {
    code: 'time-source-inside-cloud',
    what: 'a clock in the zone that the cloud serves',
    on: converged,
    change: (cloud) => (cloud.time.sources[2] = `ntp.${cloud.dns.zone}`),
  },
  { code: 'too-few-resolvers', what: 'one resolver', on: converged, change: (cloud) => (cloud.resolvers.length = 1) },
  {
    code: 'duplicate-resolver',
    what: 'a resolver twice',
    on: converged,
    change: (cloud) => cloud.resolvers.push('192.168.0.53'),
  },
  {
    code: 'resolver-inside-cloud',
    what: 'a VIP as resolver',
    on: converged,
    change: (cloud) => (cloud.resolvers[0] = cloud.vips.internal.address),
  },
  {
    code: 'resolver-inside-cloud',
    what: 'a floating address as resolver',
    on: converged,
    change: (cloud) => (cloud.resolvers[0] = '198.18.1.20'),
  },
  {
    code: 'no-placement',
    what: 'three servers apart in a zone of two hosts, which no sum tells',
    on: { ...converged, ...empty, zones: 'rack', compute: 4 },
    change: (cloud, files, { racks }) => {
      cloud.hosts['compute-a'].count = 2;
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

function addNetwork(cloud: Content, physicalNetwork: string): void {
  const index = Object.keys(cloud.networks).length;
  cloud.networks[physicalNetwork] = {
    physicalNetwork,
    type: 'flat',
    cidr: `198.19.${index}.0/24`,
    gateway: `198.19.${index}.1`,
    allocation: { first: `198.19.${index}.10`, last: `198.19.${index}.250` },
  };
}
