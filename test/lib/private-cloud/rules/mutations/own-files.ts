import type { Files } from '../sound-cloud.ts';
import { kolla, type Mutation } from './mutation.ts';

/** A file of the cloud's own folder. */
function own(files: Files, path: string, content = ''): void {
  (files as Record<string, unknown>)[`config/clouds/one.kolla/${path}`] = content;
}

export const OWN_FILES_MUTATIONS: readonly Mutation[] = [
  {
    code: 'kolla-key-taken',
    what: 'an interface among the variables',
    on: kolla,
    change: (cloud) => cloud.set('kolla.globals', { network_interface: 'eth0' }),
  },
  {
    code: 'kolla-key-taken',
    what: 'a time among the variables',
    on: kolla,
    change: (cloud) => cloud.set('kolla.globals', { haproxy_check_timeout: '5s' }),
  },
  {
    code: 'kolla-key-taken',
    what: 'a time among the options of Galera',
    on: kolla,
    change: (cloud) =>
      cloud.set('kolla.globals', { mariadb_wsrep_extra_provider_options: ['evs.suspect_timeout=PT5S'] }),
  },
  {
    code: 'timer-order',
    what: 'a suspicion after which nobody is dropped',
    on: kolla,
    change: (cloud) => cloud.set('kolla.timers', { galeraSuspect: 3 }),
  },
  {
    code: 'timer-order',
    what: 'a check that is awaited longer than the next',
    on: kolla,
    change: (cloud) => cloud.set('kolla.timers', { proxysqlCheckInterval: 0.2 }),
  },
  {
    code: 'kolla-setting-taken',
    what: 'a time in a file',
    on: kolla,
    change: (_, files) => {
      own(files, 'cinder.conf', '[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 60\n');
    },
  },
  {
    code: 'kolla-file-unread',
    what: 'a file that nobody reads',
    on: kolla,
    change: (_, files) => {
      own(files, 'nova/nova-comput.conf');
    },
  },
  {
    code: 'kolla-file-unread',
    what: 'a file of a service that is off',
    on: kolla,
    change: (_, files) => {
      own(files, 'barbican.conf');
    },
  },
  {
    code: 'kolla-file-unread',
    what: 'a file of a host that is none',
    on: kolla,
    change: (_, files) => {
      own(files, 'nova/control-99/nova.conf');
    },
  },
  {
    code: 'kolla-file-taken',
    what: 'a keepalived.conf',
    on: kolla,
    change: (_, files) => {
      own(files, 'keepalived/keepalived.conf');
    },
  },
  {
    code: 'kolla-setting-taken',
    what: 'an allocation ratio in a file',
    on: kolla,
    change: (_, files) => {
      own(files, 'nova/nova-compute.conf', '[DEFAULT]\n# ours\ncpu_allocation_ratio = 8\n');
    },
  },
];
