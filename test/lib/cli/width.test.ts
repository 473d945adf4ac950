/** At 80 columns, which is what a terminal has at least, Tandem breaks its lines itself. */
import { expect, it } from 'vitest';
import { describeVerbs } from '../../../lib/cli/describe-verbs.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from './in-process.ts';

const wide = (text: string): string[] => text.split('\n').filter((line) => line.length > 80);

const paths = describeVerbs().map(({ path }) => path);
const groups = new Set(paths.flatMap((path) => path.map((_, at) => path.slice(0, at).join(' '))));

it.each([...groups, ...paths.map((path) => path.join(' '))])('the help of `tandem %s` fits', async (path) => {
  const { stdout } = await tandemInProcess(CODE_ROOT, [...path.split(' ').filter(Boolean), '--help']);
  expect(stdout).toContain('USAGE');
  expect(wide(stdout)).toEqual([]);
});

it.each([
  'list',
  'env list',
  'env show anna',
  'blueprint list',
  'blueprint show di',
  'cloud check --rules',
  'cloud check paris',
  'cloud capacity paris --for di=5',
  'cloud simulate-failure paris',
  'cloud simulate-failure paris --all',
  'cloud simulate-failure paris --off rack/a',
  'cloud maintain compute-a-1 --cloud paris',
  'plan --base none openstack/lab/base',
  'plan --base none --verbose openstack/paris/dev/anna',
  'why openstack/paris/dev/anna',
])('`tandem %s` fits', async (line) => {
  const { stdout, code } = await tandemInProcess(CODE_ROOT, line.split(' '), 80);
  expect(code).toBe(0);
  expect(wide(stdout)).toEqual([]);
});
