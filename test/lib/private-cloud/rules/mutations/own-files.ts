import type { Files } from '../sound-cloud.ts';
import { kolla, type Mutation } from './mutation.ts';

/** A file of the cloud's own folder. */
function own(files: Files, path: string, content = ''): void {
  (files as Record<string, unknown>)[`config/clouds/one.kolla/${path}`] = content;
}

export const OWN_FILES_MUTATIONS: readonly Mutation[] = [
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
