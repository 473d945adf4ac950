import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policiesApart } from '../../../lib/engines/policy-process.ts';
import { type Change, HIDDEN, type Plan } from '../../../lib/plan/model.ts';
import { toPlan } from '../../../lib/plan/plan.ts';
import { findingsOf } from '../../../lib/review/policies/findings.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { loadText, shippedText } from '../review/edited.ts';

const change: Change = {
  action: 'update',
  ...{ address: 'Queue', type: 'AWS::SQS::Queue', reasons: [], source: null, noise: false },
  ...{ restarts: [], findings: [] },
  attributes: [
    {
      path: 'Password',
      before: 'hunter1',
      after: 'hunter2',
      afterUnknown: false,
      sensitive: true,
      forcesReplacement: false,
    },
    { path: 'DelaySeconds', before: 1, after: 9, afterUnknown: false, sensitive: false, forcesReplacement: false },
  ],
};
const plan: Plan = toPlan({ kind: 'record', ref: '' }, [
  {
    id: 'aws/prod/cluster',
    engine: 'cloudformation',
    status: 'changed',
    changes: [change],
    unresolvedInputs: [],
    drift: [],
  },
]);
const project = loadText(shippedText());
const settings = project.organisation.value.policies;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-policies-'));
  mkdirSync(join(root, 'stacks/policies'), { recursive: true });
  mkdirSync(join(root, 'node_modules/@acme'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  symlinkSync(CODE_ROOT, join(root, 'node_modules/tandem'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(join(root, 'stacks/policies', name), text);
};
const judge = (packages: readonly string[] = [], timeout = 30_000) =>
  findingsOf(
    plan,
    { project, before: () => 'unknown', settings, now: new Date('2026-11-28T12:00:00Z') },
    policiesApart(root, packages, timeout),
  );
const SLOW_QUEUES = `
import { definePolicy } from 'tandem';
export const policy = definePolicy({
  id: 'slow-queues', level: 'deny', reason: 'Jobs wait.', owner: 'ops',
  check: (plan) => plan.stacks.flatMap(({ id, changes }) => changes
    .filter(({ attributes }) => attributes.some(({ path, after }) => path === 'DelaySeconds' && Number(after) > 5))
    .map(({ address }) => ({ stack: id, address, reason: 'it delays by more than 5 s' }))),
});`;

describe('policies of a project', () => {
  it('judge the plan in a process of their own', async () => {
    write('slow-queues.ts', SLOW_QUEUES);
    write('slow-queues.test.ts', 'throw new Error("a test is no policy")');
    expect(await judge()).toEqual([
      {
        rule: 'slow-queues',
        level: 'deny',
        stack: 'aws/prod/cluster',
        address: 'Queue',
        reason: 'it delays by more than 5 s',
        owner: null,
      },
    ]);
  });

  it('come from packages too', async () => {
    const folder = join(root, 'node_modules/@acme/policies');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"name":"@acme/policies","version":"1.0.0","main":"index.cjs"}');
    writeFileSync(
      join(folder, 'index.cjs'),
      'exports.policies = [{ id: "acme", level: "warn", reason: "x", check: () => [{ reason: "read it" }] }]',
    );
    expect(await judge(['@acme/policies'])).toEqual([
      { rule: 'acme', level: 'warn', address: '', reason: 'read it', owner: null },
    ]);
  });

  it('see no secret, no credential and no file outside the project, and reach no network', async () => {
    write(
      'spy.ts',
      `import { readFileSync } from 'node:fs';
      const tried = (work) => { try { return String(work()); } catch (error) { return error.code ?? error.name; } };
      export const policy = { id: 'spy', level: 'warn', reason: 'x', check: async (plan) => [
        { reason: JSON.stringify(plan).includes('hunter') ? 'leaked' : 'no secret' },
        { reason: 'values ' + plan.stacks[0].changes[0].attributes[0].after },
        { reason: 'file ' + tried(() => readFileSync('/etc/passwd')) },
        { reason: 'environment ' + Object.keys(process.env).filter((key) => /AWS|OS_|TOKEN|SSH/.test(key)).length },
        { reason: 'network ' + await fetch('http://127.0.0.1:9').then(() => 'reached', (error) => error.cause?.code ?? error.name) },
      ] };`,
    );
    process.env['AWS_SECRET_ACCESS_KEY'] = 'x';
    const found = await judge();
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    const reasons = found.map(({ reason }) => reason);
    expect(reasons.slice(0, 4)).toEqual(['no secret', `values ${HIDDEN}`, 'file ERR_ACCESS_DENIED', 'environment 0']);
    expect(reasons[4]).not.toContain('reached');
  });

  it.each([
    [
      'throws',
      "export const policy = { id: 'bad', level: 'warn', reason: 'x', check() { throw new Error('a bug') } };",
      'bad',
      'a bug',
    ],
    [
      'rejects',
      "export const policy = { id: 'bad', level: 'warn', reason: 'x', async check() { throw new Error('a bug') } };",
      'bad',
      'a bug',
    ],
    [
      'answers nonsense',
      "export const policy = { id: 'bad', level: 'warn', reason: 'x', check: () => 'fine' };",
      'bad',
      'no list of findings',
    ],
    ['does not load', "import './missing.ts';", 'broken-policy', 'cannot be loaded'],
    ['exports nothing', 'export const rule = 1;', 'broken-policy', 'exports neither'],
    [
      'is no policy',
      "export const policy = { id: 'Bad Name', level: 'fatal' };",
      'broken-policy',
      'Bad Name is no policy',
    ],
    ['ends its process', 'process.exit(0);', 'broken-policy', 'ended without an answer'],
    [
      'takes an id that is shipped',
      "export const policy = { id: 'unencrypted', level: 'warn', reason: 'x', check: () => [] };",
      'broken-policy',
      'second policy of the id unencrypted',
    ],
  ])('that %s denies, by its name, and leaves the others theirs', async (_, text, rule, why) => {
    write('bad.ts', text);
    write('slow-queues.ts', SLOW_QUEUES);
    const found = await judge();
    expect(found.map((each) => each.rule).sort()).toEqual([rule, 'slow-queues'].sort());
    const failed = found.find((each) => each.rule === rule);
    expect(failed).toMatchObject({ level: 'deny', reason: expect.stringContaining(why) as string });
    expect(failed?.reason).toContain('stacks/policies/bad.ts');
  });

  it('that hangs denies', async () => {
    write('hangs.ts', "export const policy = { id: 'hangs', level: 'warn', reason: 'x', check() { for (;;); } };");
    expect(await judge([], 1500)).toMatchObject([
      {
        rule: 'broken-policy',
        level: 'deny',
        reason: expect.stringContaining(
          'hangs.ts gave no answer, so nothing passes it: it did not end within 1.5 s',
        ) as string,
      },
    ]);
  });
});
