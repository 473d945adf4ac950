import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tandemInProcess } from './in-process.ts';

const root = join(import.meta.dirname, '../../..');

it.each([
  ['env list --cloud p', ['paris']],
  ['cloud maintain --cloud l', ['lab']],
  ['env create bob --blueprint ds', ['ds', 'ds-production']],
  ['env update --blueprint prof', ['profile-service']],
  ['job submit --env an', ['anna']],
  ['link status m', ['main']],
  ['link drill --link re', ['rehearsal']],
])('the shell is offered names of the project: %s', async (line, names) => {
  const { stdout } = await tandemInProcess(root, ['complete', ...line.split(' ')]);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((each) => each.split('\t')[0])
      .sort(),
  ).toEqual(names);
});
