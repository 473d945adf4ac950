import { ceph, converged, type Mutation } from './mutation.ts';

export const STORAGE_MUTATIONS: readonly Mutation[] = [
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
    // 5 servers of 20 GiB in Ceph; without one of two hosts a rack, 0.9 × 160 / 2 = 72 GiB.
    code: 'storage-no-recovery',
    what: 'root disks that fill more than half of a rack of two storage hosts',
    on: { ...ceph, racks: 3, domain: 'rack', storagePerRack: 2, leases: 1 },
    change: (cloud) => cloud.set('storage.usableGiB', 160),
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
];
