import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesBelow, isMissing, readIfThere, writeFileAtomic } from '../../../lib/fs/files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([{}, { durable: false }])('writes a whole private file in the place of another: %o', (options) => {
  const file = join(folder, 'a', 'b.json');
  writeFileAtomic(file, 'old', options);
  writeFileAtomic(file, 'new', options);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect([statSync(file).mode & 0o777, statSync(join(folder, 'a')).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readdirSync(join(folder, 'a'))).toEqual(['b.json']);
});

it('leaves nothing behind where it fails', () => {
  writeFileAtomic(join(folder, 'taken', 'inside'), '');
  expect(() => {
    writeFileAtomic(join(folder, 'taken'), 'x');
  }).toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('lists files with an ending below a folder, and none where there is no folder', () => {
  writeFileAtomic(join(folder, 'b', 'one.json'), '');
  writeFileSync(join(folder, 'two.json'), '');
  writeFileSync(join(folder, 'two.json.1-00000000'), '');
  expect(filesBelow(folder, '.json')).toEqual([join(folder, 'b', 'one.json'), join(folder, 'two.json')]);
  expect(filesBelow(join(folder, 'none'), '.json')).toEqual([]);
});

it('reads no pipe, which would wait for a writer', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => readIfThere(pipe)).toThrow('it is not a regular file');
  expect(readIfThere(join(folder, 'none'))).toBeUndefined();
});

it('tells a missing file from other errors', () => {
  expect(isMissing(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(true);
  expect(isMissing(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe(false);
});
