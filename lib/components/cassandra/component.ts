import { defineComponent } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { heapMiB, JAVA_PACKAGE } from '../shared/heap.ts';
import { mavenJar } from '../shared/maven.ts';
import { cassandraFiles, DATA, HEALTH } from './files.ts';
import { fetchDependencies } from './jars.ts';
import {
  CASSANDRA_HEAP,
  type CassandraSettings,
  cassandraFindings,
  cassandraSettings,
  ringQuorum,
} from './settings.ts';
import { HOME, LIBRARY } from './unit.ts';

/** A ring of Cassandra: one data centre, a rack for each zone, so that the copies of a row are in different zones. */
export const cassandra = defineComponent<CassandraSettings>({
  name: 'cassandra',
  title: 'Apache Cassandra',
  description: 'Wide-column store without a leader: each row is on several nodes in different zones.',
  version: '5.0.6',
  home: 'https://cassandra.apache.org/doc/5.0/',
  evidence:
    'Three nodes formed a ring in three zones; one lost its power under four writers at QUORUM, five times: no acknowledged write lost (54,911), the longest gap 0.2 to 1.8 s, and 0.2 to 1.7 s while it came back. Measured on two cores with much else to do; with more still, gaps were up to 20 s after a kill, and 13 to 67 s while the node came back.',
  settings: cassandraSettings,
  install: {
    packages: [JAVA_PACKAGE],
    artefacts: [
      mavenJar(
        'org.apache.cassandra:cassandra-all:5.0.6',
        'bd533204e1088179ba58bd817082673b211cc78f605e64e34c3cd001c42aca2a',
        HOME,
      ),
    ],
    afterwards: fetchDependencies(LIBRARY),
    users: ['cassandra'],
  },
  ports: () => [
    { name: 'cql', port: 9042, protocol: 'tcp', from: 'clients' },
    { name: 'internode', port: 7000, protocol: 'tcp', from: 'members' },
    { name: 'jmx', port: 7199, protocol: 'tcp', from: 'local' },
  ],
  peers: (_settings, tier) => [tier],
  values: (inputs) => ({
    heapMiB: heapMiB(inputs, CASSANDRA_HEAP),
    replicationFactor: inputs.settings.replicationFactor,
    compactionMiBPerSecond: inputs.settings.compactionMiBPerSecond,
  }),
  files: cassandraFiles,
  units: () => ['cassandra.service'],
  health: () => `${HEALTH} ${SELF.address}`,
  quorum: ringQuorum,
  data: [{ path: DATA, owner: 'cassandra:cassandra' }],
  hooks: {
    drain: 'nodetool drain',
    backup: [
      'set -eu',
      'nodetool clearsnapshot -t tandem-backup >/dev/null',
      'nodetool snapshot -t tandem-backup >/dev/null',
      `cd ${DATA}/data`,
      // With `+`, find ends with an error where cp did.
      `find . -type d -path '*/snapshots/tandem-backup' -exec cp -a --parents -t "$BACKUP_DIRECTORY" {} +`,
      'nodetool clearsnapshot -t tandem-backup >/dev/null',
    ].join('\n'),
  },
  check: cassandraFindings,
});
