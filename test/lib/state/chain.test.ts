import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { run } from './chain.contract.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-chain-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const ended = (of: string) => join(of, '.tandem', 'journal', 'ended');

/** A copy of the journal, after somebody laid hands on it. */
async function breaksAfter(change: (folder: string) => void) {
  const copy = mkdtempSync(join(tmpdir(), 'tandem-chain-'));
  cpSync(root, copy, { recursive: true });
  change(ended(copy));
  const breaks = await localJournal(copy).breaks(100);
  rmSync(copy, { recursive: true });
  return breaks;
}

function edit(file: string, change: (lines: string[]) => string[]): void {
  writeFileSync(
    file,
    change(readFileSync(file, 'utf8').trimEnd().split('\n'))
      .map((line) => `${line}\n`)
      .join(''),
  );
}

test('a removed journal, and each removed, changed or swapped entry shows, but for the newest', async () => {
  const journal = localJournal(root);
  // The last two entries of the last operation have nothing after them that could tell.
  for (let count = 0; count < 3; count += 1) await run(journal);
  const last = await run(journal);
  const files = readdirSync(ended(root)).filter((name) => !name.includes(last));
  expect(await breaksAfter(() => undefined)).toEqual([]);
  for (const name of files) {
    const operation = name.replace('.jsonl', '');
    expect(await breaksAfter((folder) => rmSync(join(folder, name)))).toMatchObject([
      { operation, why: expect.stringContaining('is gone') as string },
    ]);
    for (const line of [0, 1, 2, 3, 4, 5]) {
      const without = await breaksAfter((folder) => edit(join(folder, name), (lines) => lines.toSpliced(line, 1)));
      expect({ line, operations: without.map((each) => each.operation) }).toEqual({
        line,
        operations: without.map(() => operation),
      });
      expect({ line, without }).not.toEqual({ line, without: [] });
      const changed = await breaksAfter((folder) =>
        edit(join(folder, name), (lines) => lines.with(line, (lines[line] ?? '').replace(/"at":"2/, '"at":"1'))),
      );
      expect({ line, changed }).not.toEqual({ line, changed: [] });
      if (line > 0)
        expect(
          await breaksAfter((folder) =>
            edit(join(folder, name), (lines) =>
              lines.with(line, lines[line - 1] ?? '').with(line - 1, lines[line] ?? ''),
            ),
          ),
        ).not.toEqual([]);
    }
  }
});

test('fails nothing where hashes were taken out: the next operation names what was there', async () => {
  const journal = localJournal(root);
  const first = await run(journal);
  await run(journal);
  const breaks = await breaksAfter((folder) =>
    edit(join(folder, `${first}.jsonl`), (lines) =>
      lines.map((line) => line.replace(/"(previous|after)":("[^"]*"|\[\]),?/g, '').replace(',}', '}')),
    ),
  );
  expect(breaks).toMatchObject([
    { operation: first, why: expect.stringContaining('was changed or removed') as string },
  ]);
});

test('a journal of an earlier version is read, and told as unchained', async () => {
  const journal = localJournal(root);
  const id = await run(journal);
  edit(join(ended(root), `${id}.jsonl`), (lines) =>
    lines.map((line) => line.replace(/,"(previous|after)":("[^"]*"|\[\])/g, '')),
  );
  expect(await journal.breaks(10)).toEqual([]);
  expect(await journal.tellOf(id)).toMatchObject({ chain: 'unchained', operation: { outcome: 'succeeded' } });
});

test('an operation that an earlier version began is gone on with', async () => {
  const journal = localJournal(root);
  const id = await journal.begin({ verb: 'deploy', stacks: [], by: 'ops', commit: '', arguments: {} });
  edit(join(root, '.tandem', 'journal', `${id}.jsonl`), (lines) =>
    lines.map((line) => line.replace(',"after":[]', '')),
  );
  await journal.intend({ operation: id, key: 'one', detail: {} });
  await journal.end(id, 'succeeded');
  await run(journal);
  expect(await journal.breaks(10)).toEqual([]);
});
