import { ceph, converged, empty, type Mutation, separated } from './mutation.ts';

export const QUORUMS_MUTATIONS: readonly Mutation[] = [
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
  {
    code: 'queue-without-majority',
    what: 'two of five brokers in a rack',
    on: { ...converged, ...empty, controllers: 5, racks: 5 },
    change: (cloud) => cloud.set('hosts.control-5.rack', 'a'),
  },
  {
    code: 'queue-without-majority',
    what: 'two of five brokers on one power feed',
    on: { ...converged, ...empty, controllers: 5, racks: 5, feeds: 'own', storagePerRack: 1, domain: 'host' },
    change: (cloud) => {
      cloud.set('racks.d.powerFeeds', ['shared']);
      cloud.set('racks.e.powerFeeds', ['shared']);
    },
  },
  {
    code: 'host-too-small',
    what: 'controllers with too little memory for all services',
    on: converged,
    change: (cloud) => {
      cloud.set('hardware.little', { vcpus: 64, memoryGiB: 24, diskGiB: 8000 });
      cloud.set('hosts.control-1.hardware', 'little');
    },
  },
  {
    code: 'host-too-small',
    what: 'a broker with two cores',
    on: separated,
    change: (cloud) => {
      cloud.set('hardware.little', { vcpus: 2, memoryGiB: 24, diskGiB: 8000 });
      cloud.set('hosts.queue-1.hardware', 'little');
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
    code: 'starter-survives-nothing',
    what: 'a starter that survives a rack',
    on: { layout: 'starter' },
    change: (cloud) => cloud.set('survives', 'rack'),
  },
  {
    code: 'role-not-separated',
    what: 'no OVN hosts',
    on: separated,
    change: (cloud) => {
      for (const index of [1, 2, 3]) cloud.drop(`hosts.ovn-${index}`);
    },
  },
];
