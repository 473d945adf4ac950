import { converged, type Mutation } from './mutation.ts';

export const NTP_AND_DNS_MUTATIONS: readonly Mutation[] = [
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
];
