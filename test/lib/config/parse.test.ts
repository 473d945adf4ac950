import { expect, it } from 'vitest';
import { memoryFiles } from '../../../lib/config/files.ts';
import { parseFile } from '../../../lib/config/parse.ts';

const FILE = 'config/dev/parse.yaml';
const parsed = (content: string, file = FILE) => parseFile(memoryFiles({ [file]: content }), file);

it('parses a file again only where it changed', () => {
  const first = parsed('a: 1\n');
  expect(first.parsed?.value).toEqual({ a: 1 });
  expect(parsed('a: 1\n')).toBe(first);
  expect(parsed('a: 2\n').parsed?.value).toEqual({ a: 2 });
  expect(parsed('a: 1\n').parsed?.value).toEqual({ a: 1 });
  const other = 'config/dev/other.yaml';
  expect(parsed('a: 1\n', other).parsed?.file).toBe(other);
});

it('tells of the same problem each time', () => {
  const told = (content: string) => parsed(content).problems.map(({ code, message }) => [code, message]);
  for (let time = 0; time < 2; time += 1) {
    expect(told('')).toEqual([['empty-file', 'the file is empty']]);
    expect(told(' \n')).toEqual([['empty-file', 'the file is empty']]);
    expect(told('# a\n')).toEqual([['empty-file', 'it holds nothing but comments']]);
  }
});
