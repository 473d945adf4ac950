import { z } from 'zod';
import { defineComponent } from '../../bring-up/component.ts';
import { SELF, value } from '../../bring-up/template.ts';
import { count, port } from '../../config/schema/common.ts';
import { memoryFindings } from '../shared/findings.ts';

const settings = z.strictObject({
  port: port.default(11211).describe('Port for clients.'),
  memoryMiB: count(64, 1_000_000)
    .default(512)
    .describe('Memory for entries, in MiB. CAUTION: a change empties one member after another.'),
  maxConnections: count(64, 100_000).default(4096).describe('Connections at once.'),
  maxEntryKiB: count(1, 1024).default(1024).describe('Largest entry, in KiB.'),
});

type Settings = z.infer<typeof settings>;

/** Members that know nothing of each other: clients spread keys over them, and lose those of a lost member.
 * @see https://docs.memcached.org/serverguide/configuring/ */
export const memcached = defineComponent<Settings>({
  name: 'memcached',
  title: 'Memcached',
  description: 'Cache in memory; clients spread keys over its members, and miss those of one that is lost.',
  version: '1.6',
  home: 'https://memcached.org',
  evidence:
    'Two members served over the network; one lost its power, the other kept what it had, and the lost one came back empty.',
  settings,
  install: { packages: ['memcached'] },
  ports: (given) => [{ name: 'memcached', port: given.port, protocol: 'tcp', from: 'clients' }],
  peers: () => [],
  values: (inputs) => ({
    memory: inputs.settings.memoryMiB,
    connections: inputs.settings.maxConnections,
    entry: `${inputs.settings.maxEntryKiB}k`,
  }),
  files: (inputs) => [{ path: '/etc/memcached.conf', content: configuration(inputs.settings) }],
  units: () => ['memcached.service'],
  health: (given) => answers(given.port),
  data: [],
  hooks: {},
  check: ({ settings: { memoryMiB }, flavor }) =>
    memoryFindings(memoryMiB, flavor, {
      setting: 'memoryMiB',
      maximumPercent: 80,
      rest: 'connections and the system',
    }),
});

/** An option a line, as Debian's starter takes them: it leaves out `-d` by itself. */
function configuration(given: Settings): string {
  return `-u memcache
-l ${SELF.address},127.0.0.1
-p ${given.port}
-U 0
-m ${value('memory')}
-c ${value('connections')}
-I ${value('entry')}
-P /run/memcached/memcached.pid
`;
}

/** Asks for statistics: a process that only listens does not answer. */
function answers(port: number): string {
  const program = `import socket; s = socket.create_connection(('127.0.0.1', ${port}), 5); s.settimeout(5); s.sendall(b'version\\r\\n'); assert s.recv(99).startswith(b'VERSION')`;
  return `python3 -c "${program}"`;
}
