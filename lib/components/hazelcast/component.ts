import { defineComponent } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { heapMiB, JAVA_PACKAGE } from '../shared/heap.ts';
import { mavenJar } from '../shared/maven.ts';
import { HOME, hazelcastFiles } from './files.ts';
import {
  HAZELCAST_HEAP,
  type HazelcastSettings,
  hazelcastFindings,
  hazelcastSettings,
  leastMembers,
} from './settings.ts';

/** An in-memory data grid: maps spread over the members, each entry with copies in other zones. */
export const hazelcast = defineComponent<HazelcastSettings>({
  name: 'hazelcast',
  title: 'Hazelcast',
  description: 'In-memory data grid: maps that are spread over members, with copies in other zones.',
  version: '5.5.0',
  home: 'https://docs.hazelcast.com/hazelcast/5.5/',
  evidence:
    'Three members formed a grid; one lost its power under writers five times: no acknowledged entry lost (some 1.1 million), the longest gap 0.4 to 0.6 s, and 0.7 to 1.9 s while it came back. Measured on two cores with much else to do; with more still, gaps were up to 8 s.',
  settings: hazelcastSettings,
  install: {
    packages: [JAVA_PACKAGE],
    artefacts: [
      mavenJar(
        'com.hazelcast:hazelcast:5.5.0',
        'cf560b40b988526e780e4fae12cb6fe01c5158bb9e00839882857f32b544a19e',
        HOME,
      ),
    ],
    users: ['hazelcast'],
  },
  ports: () => [
    { name: 'hazelcast', port: 5701, protocol: 'tcp', from: 'members' },
    { name: 'hazelcast', port: 5701, protocol: 'tcp', from: 'clients' },
  ],
  peers: (_settings, tier) => [tier],
  values: (inputs) => ({
    heapMiB: heapMiB(inputs, HAZELCAST_HEAP),
    backups: inputs.settings.backups,
    leastMembers: leastMembers(inputs),
    evictAtHeapPercent: inputs.settings.evictAtHeapPercent,
  }),
  files: hazelcastFiles,
  units: () => ['hazelcast.service'],
  health: () => ask('ready'),
  quorum: (inputs) => {
    const needed = leastMembers(inputs);
    return needed > 1 ? { members: inputs.count, needed } : undefined;
  },
  data: [],
  hooks: {
    // The unit's stop hands over the entries; before it, the copies that a member lost earlier must be whole again.
    drain: `for second in $(seq 60); do if ${ask('cluster-safe')}; then exit 0; fi; sleep 1; done; exit 1`,
  },
  check: hazelcastFindings,
});

/** Ends with 0 where the member answers 200, as it does when the state is so. */
function ask(state: 'ready' | 'cluster-safe'): string {
  const url = `http://${SELF.address}:5701/hazelcast/health/${state}`;
  return `python3 -c 'import urllib.request; urllib.request.urlopen("${url}", timeout=5)'`;
}
