import { converged, empty, fill, type Mutation, separated } from './mutation.ts';

export const SPARE_CAPACITY_MUTATIONS: readonly Mutation[] = [
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
