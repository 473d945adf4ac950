import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historySchema } from '../../../lib/actions/history/schema.ts';
import { revertSchema } from '../../../lib/actions/revert/schema.ts';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, openCheckout } from './checkout.ts';

const name = `forge-${Date.now().toString(36).slice(-5)}`;
const stack = `openstack/lab/dev/${name}`;
let operator: Checkout;

beforeAll(async () => {
  operator = await openCheckout(await healthyLab());
  const blueprint = 'description: One server\nprefixLength: 28\ntiers:\n  web: { image: debian-12, flavor: small }\n';
  writeFileSync(join(operator.root, 'config/blueprints/one.yaml'), blueprint);
  operator.git('add', '-A');
  operator.git('commit', '-q', '-m', 'Blueprint');
});
afterAll(async () => {
  await operator.tandem('env', 'destroy', name, '--yes');
  operator.remove();
});

const operations = async (...flags: string[]) => {
  const document = await operator.json('history', '--stack', stack, ...flags);
  return historySchema.parse(document);
};

test('what was done to an environment is told with who acted in Keystone, and can be reverted', async () => {
  await operator.json(
    'env',
    'create',
    name,
    '--blueprint',
    'one',
    '--owner',
    'ops@example.org',
    '--for',
    '7d',
    '--yes',
  );
  await operator.json('env', 'extend', name, '--for', '2d', '--yes');
  const { operations: told, breaks } = await operations();
  expect(breaks).toEqual([]);
  expect(told.map(({ verb, outcome, chain }) => [verb, outcome, chain])).toEqual([
    ['env extend', 'succeeded', 'whole'],
    ['env create', 'succeeded', 'whole'],
  ]);
  const [extended, created] = told;
  expect(created?.as).toEqual([expect.stringMatching(/^user \S+ \([0-9a-f]{32}\) in project \S+ \([0-9a-f]{32}\)$/)]);
  expect(created?.changes['create']).toBeGreaterThan(3);

  const file = `config/dev/${name}.yaml`;
  const head = operator.git('rev-parse', 'HEAD');
  const reverted = revertSchema.parse(await operator.json('revert', extended?.operation ?? ''));
  expect(reverted).toMatchObject({ stacks: [stack], files: [file] });
  expect(operator.git('diff', '--name-only', reverted.branch, 'HEAD')).toBe(file);
  expect(operator.git('show', `${reverted.branch}:${file}`)).toBe(operator.git('show', `HEAD~1:${file}`));
  expect(operator.git('rev-parse', 'HEAD')).toBe(head);

  // The lease that it made was changed since.
  const { code, log } = await operator.tandem('revert', created?.operation ?? '');
  expect([code, log]).toEqual([1, expect.stringContaining('revert-conflicts')]);
});
