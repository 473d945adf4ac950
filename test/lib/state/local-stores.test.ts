import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { localRecords } from '../../../lib/state/record.ts';
import { localStates } from '../../../lib/state/states-local.ts';
import { storesContract } from './stores.contract.ts';

storesContract('files', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-stores-'));
  return {
    open: async () => ({
      records: localRecords(root),
      journal: localJournal(root),
      locks: localLocks(root),
      lineage: localLineage(root),
      rawStates: localStates(root),
      rawVersions: localVersions(root),
    }),
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
  await localLocks(root).acquire({
    ...{
      stack: 'openstack/lab/base',
      owner: 'ops',
      host: 'h',
      processId: 1,
      processStarted: '',
      verb: 'deploy',
      operation: 'x',
    },
  });
  for (const folder of readdirSync(join(root, '.tandem')))
    expect(statSync(join(root, '.tandem', folder)).mode & 0o077).toBe(0);
  rmSync(root, { recursive: true });
});
