import { defineComponent } from '../../bring-up/component.ts';
import { CONFIGURATION, DATA, files } from './files.ts';
import { findings, type SphinxSettings, settings } from './settings.ts';

/** As its makers say: parts on the disk first, which do not change, then what memory held, and the log of what came meanwhile at the end. */
const BACKUP = `set -e
index=$(sed -n 's/^index \\(.*\\)_all {$/\\1/p' ${CONFIGURATION})
cd ${DATA}
mysql -h 127.0.0.1 -P 9306 -e "FLUSH RTINDEX $index"
find . -maxdepth 1 -name "$index.*.sp*" -exec cp {} "$BACKUP_DIRECTORY/" ';'
find . -maxdepth 1 \\( -name "$index.ram" -o -name "$index.kill" -o -name "$index.meta" \\) -exec cp {} "$BACKUP_DIRECTORY/" ';'
find . -maxdepth 1 -name 'binlog.[m0-9]*' -exec cp {} "$BACKUP_DIRECTORY/" ';'`;

/** The last Sphinx under a free licence, as Debian 12 has it.
 * @see http://sphinxsearch.com/docs/current.html */
export const sphinx = defineComponent<SphinxSettings>({
  name: 'sphinx',
  title: 'Sphinx',
  description:
    'Full-text search with a real-time index on each member, written and asked in SQL, and an index over all of them.',
  version: '2.2.11',
  home: 'http://sphinxsearch.com',
  evidence:
    'Three mirrors to which each document was written: when one lost its power, none of 120 searches on the others failed, and it came back with all that it had been written before; what came meanwhile it lacked until that was written again, for Sphinx replicates nothing. Two shards answered for each other, and lacked the part of one that was away. A backup was read by another searchd.',
  settings,
  install: { packages: ['mariadb-client-core', 'sphinxsearch'] },
  ports: () => [
    { name: 'sphinxql', port: 9306, protocol: 'tcp', from: 'clients' },
    { name: 'agents', port: 9312, protocol: 'tcp', from: 'members' },
  ],
  peers: (_settings, tier) => [tier],
  values: ({ settings: given }) => ({
    memory: `${given.memoryMiB}M`,
    connect: given.connectMilliseconds,
    answer: given.answerMilliseconds,
  }),
  files,
  units: () => ['sphinx.service'],
  health: ({ index }) => `timeout 5 mysql -h 127.0.0.1 -P 9306 -e 'SELECT id FROM ${index} LIMIT 1' >/dev/null`,
  data: [{ path: DATA, owner: 'sphinxsearch:sphinxsearch' }],
  hooks: { backup: BACKUP },
  check: findings,
});
