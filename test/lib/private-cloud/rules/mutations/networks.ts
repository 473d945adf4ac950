import type { Draft } from '../sound-cloud.ts';
import { converged, kolla, type Mutation, separated } from './mutation.ts';

export const NETWORKS_MUTATIONS: readonly Mutation[] = [
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
