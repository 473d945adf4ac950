import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Outcomes } from '../../../../lib/simulate/fit/outcomes.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-outcomes-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

test('outcomes of long ago are removed, and only files: whatever else is in the folder is nobody’s to remove', () => {
  const folder = join(root, '.tandem', 'simulate');
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('folder.jsonl'), { recursive: true });
  symlinkSync('/nowhere', at('link.jsonl'));
  for (const name of ['old.jsonl', 'notes.txt']) writeFileSync(at(name), '');
  for (const name of ['old.jsonl', 'notes.txt', 'folder.jsonl']) utimesSync(at(name), 0, 0);
  writeFileSync(at('new.jsonl'), '');
  expect(new Outcomes(root, 'a'.repeat(64), Date.now()).count).toBe(0);
  expect(existsSync(at('old.jsonl'))).toBe(false);
  for (const name of ['notes.txt', 'folder.jsonl', 'new.jsonl']) expect(existsSync(at(name)), name).toBe(true);
  expect(() => readFileSync(at('link.jsonl'))).toThrow('ENOENT');
});
