import type { Draft } from '../sound-cloud.ts';
import { converged, kolla, type Mutation, separated } from './mutation.ts';

export const NETWORKS_MUTATIONS: readonly Mutation[] = [
  {
    code: 'interface-without-plane',
    what: "hosts' own interface on no plane",
    on: { ...converged, external: false },
    change: (cloud) => cloud.set('hosts.control-1.interfaces', { external: 'eth1' }),
  },
  {
    code: 'vip-interface',
    what: 'balancers without an interface where their VIP is',
    on: { ...converged, external: true },
    change: (cloud) =>
      cloud.set('hosts.control-1.interfaces', { internal: 'eth0', external: 'eth0', tunnel: 'eth0', storage: 'eth0' }),
  },
  {
    code: 'planes-share-interface',
    what: 'hosts of which two planes are on one interface',
    on: converged,
    change: (cloud) => cloud.set('hosts.compute-a.interfaces', { tunnel: 'eth1', storage: 'eth1' }),
  },
  {
    code: 'provider-interface-is-plane',
    what: "hosts' own interface in a bridge",
    on: kolla,
    change: (cloud) => {
      cloud.set('kolla.providerInterfaces', { physnet1: 'bond7' });
      cloud.set('hosts.control-1.interfaces', { tunnel: 'bond7' });
    },
  },
  {
    code: 'unknown-switch',
    what: 'hosts on a switch of another rack',
    on: { ...converged, switches: 'two' },
    change: (cloud) => cloud.set('hosts.compute-a.switches', ['elsewhere']),
  },
  {
    code: 'switch-holds-majority',
    what: 'controllers on one switch each, two of them on the same',
    on: { ...converged, switches: 'two' },
    change: (cloud) => {
      for (const index of [1, 2]) cloud.set(`hosts.control-${index}.switches`, ['left']);
    },
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
];

/** Beside the one that leases go out by. */
function addNetwork(cloud: Draft, physicalNetwork: string, index = 1): void {
  cloud.set('externalNetwork', 'public');
  cloud.set(`networks.${physicalNetwork}`, {
    physicalNetwork,
    type: 'flat',
    cidr: `198.19.${index}.0/24`,
    gateway: `198.19.${index}.1`,
    allocation: { first: `198.19.${index}.10`, last: `198.19.${index}.250` },
  });
}
