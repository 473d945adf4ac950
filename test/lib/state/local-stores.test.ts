import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { localStates } from '../../../lib/state/states-local.ts';
import { lockRequest } from './lock-request.ts';
import { storesContract } from './stores.contract.ts';

storesContract('files', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-stores-'));
  return {
    open: async (options) => ({
      records: localRecords(root, options),
      journal: localJournal(root, options),
      locks: localLocks(root, options),
      lineage: localLineage(root),
      rawStates: localStates(root),
      rawVersions: localVersions(root),
    }),
    async spoil(kind, name, text) {
      const folder = { record: 'record', lock: 'locks', journal: 'journal' }[kind];
      const file = join(root, '.tandem', folder, `${name}.${kind === 'journal' ? 'jsonl' : 'json'}`);
      mkdirSync(dirname(file), { recursive: true });
      if (kind === 'journal') appendFileSync(file, `${text}\n`);
      else writeFileSync(file, text);
    },
    close: async () => rmSync(root, { recursive: true }),
  };
});

const operation = { verb: 'deploy', stacks: [], by: 'ops', commit: '', arguments: {} };

test('a line that a crash cut off did not happen, and does not spoil the next', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-journal-'));
  const journal = localJournal(root);
  const id = await journal.begin(operation);
  await journal.intend({ operation: id, key: 'one', detail: {} });
  appendFileSync(join(root, '.tandem', 'journal', `${id}.jsonl`), '{"format":"tandem.journal/1","entry":"don');
  expect((await journal.open())[0]?.begun).toEqual(['one']);
  await journal.done({ operation: id, key: 'one' }, null);
  expect((await journal.open())[0]).toMatchObject({ begun: [], done: ['one'] });
  rmSync(root, { recursive: true });
});

test('journals, records and locks are readable by their owner alone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-modes-'));
  await localJournal(root).begin(operation);
  await localLocks(root).acquire(lockRequest({ stack: 'openstack/lab/base' }));
  for (const folder of readdirSync(join(root, '.tandem')))
    expect(statSync(join(root, '.tandem', folder)).mode & 0o077).toBe(0);
  rmSync(root, { recursive: true });
});
