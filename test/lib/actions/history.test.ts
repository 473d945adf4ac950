import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historySchema } from '../../../lib/actions/history/schema.ts';
import { since } from '../../../lib/cli/since.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { lockRequest } from '../state/lock-request.ts';
import { record } from '../state/record-of.ts';

const network: StackId = 'aws/prod/network';
const arn = 'arn:aws:sts::111122223333:assumed-role/tandem-deploy/tandem-ci';
const approval = { bundle: 'sha256:0badcafe', approvedBy: 'bob, carol' };
const sha = '5e7c9a1b3d5f7a9b1c3d5e7f9a1b3c5d7e9f1a3b';
const ids = {
  deployed: '20261101T100000-aaaaaa',
  lease: '20261120T100000-bbbbbb',
  failed: '20261127T100000-cccccc',
  running: '20261128T100000-dddddd',
};
let root = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-history-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  const journal = localJournal(root);
  const given = { by: 'ci@runner', commit: sha, arguments: {} };
  await journal.begin({ ...given, verb: 'deploy', stacks: [network], arguments: approval }, ids.deployed);
  const step = { operation: ids.deployed, key: `apply ${network}` };
  // Begun twice: the second is a resume.
  for (let run = 0; run < 2; run += 1)
    await journal.intend({ ...step, detail: { actions: ['create Vpc', 'create Subnet', 'update Role'] }, as: [arn] });
  await journal.done(step, { seconds: 3, changes: { create: 2, update: 1 } });
  await journal.end(ids.deployed, 'succeeded');

  const lease: StackId = 'openstack/lab/dev/anna';
  await journal.begin({ ...given, verb: 'env create', stacks: [lease], by: 'anna@laptop' }, ids.lease);
  const old = { operation: ids.lease, key: `apply ${lease}` };
  await journal.intend({ ...old, detail: { actions: ['create openstack_compute_instance_v2.a'] } });
  // As earlier versions wrote it.
  await journal.done(old, { seconds: 3 });
  await journal.end(ids.lease, 'succeeded');

  await journal.begin({ ...given, verb: 'destroy', stacks: [network], by: 'eve\u001b[31m@\u202ehost' }, ids.failed);
  await journal.end(ids.failed, 'failed', 'first line\n# second <script>');
  await journal.begin({ ...given, verb: 'deploy', stacks: ['openstack/lab/base'] }, ids.running);
  await localLocks(root).acquire(lockRequest({ stack: 'openstack/lab/base', operation: ids.running }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (...args: string[]) => tandemInProcess(root, ['history', ...args]);
const idsOf = async (...args: string[]) => {
  const { operations } = historySchema.parse(JSON.parse((await run(...args, '--json')).stdout));
  return operations.map((each) => each.operation);
};

describe('tandem history', () => {
  it('lists operations, newest first, with who, what, approval, commit, end and changes', async () => {
    const { stdout, code } = await run();
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[1]).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2} {2}20261128T100000-dddddd /);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toContain('deploy aws/prod/network');
    expect(lines[4]).toContain('ci@runner, approved by bob, carol');
    expect(lines[4]).toContain('5e7c9a1b3d  succeeded');
    expect(lines[4]).toContain('2 create, 1 update');
    expect(lines[3]).toContain('1 create');
    expect(lines[1]).toContain('running');
  });

  it.each([
    [
      ['--stack', 'prod'],
      [ids.failed, ids.deployed],
    ],
    [
      ['--stack', 'openstack/**'],
      [ids.running, ids.lease],
    ],
    [['--by', 'Anna'], [ids.lease]],
    [['--by', 'carol'], [ids.deployed]],
    [['--by', 'tandem-deploy/'], [ids.deployed]],
    [['--verb', 'env'], [ids.lease]],
    [['--verb', 'env create'], [ids.lease]],
    [['--verb', 'en'], []],
    [['--limit', '1'], [ids.running]],
    [['--since', '2099-01-01'], []],
  ])('filters by %j', async (flags, wanted) => {
    expect(await idsOf(...flags)).toEqual(wanted);
  });

  it('tells one operation in full, by part of its id', async () => {
    const { stdout } = await run('aaaaaa');
    expect(stdout).toMatch(/acting as +arn:aws:sts::111122223333:assumed-role/);
    expect(stdout).toMatch(/approved by +bob, carol\nbundle +sha256:0badcafe/);
    expect(stdout).toMatch(/chain +whole/);
    expect(stdout).toMatch(/1 step\n {2}\S+ {2}apply aws\/prod\/network: done after 0 s\n {6}create Vpc\n/);
    expect((await run('--json', '20261127T100000')).stdout).toContain('"reason": "first line\\n# second <script>"');
  });

  it('shows hostile names as they are written, on one line', async () => {
    for (const { stdout } of [await run(), await run('cccccc')]) {
      expect(stdout).toContain('eve\\u001b[31m@\\u202ehost');
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
    }
    expect((await run('cccccc')).stdout).toContain('first line\\n# second <script>');
  });

  it.each([
    [['zzz'], 'no-such-operation'],
    [['2026'], 'ambiguous-operation'],
    [['--since', 'yesterday'], 'usage: since: got "yesterday"'],
    [['--since', '2026-13-40'], 'usage: since: got "2026-13-40"'],
  ])('fails for %j with %s', async (args, code) => {
    const { stderr, code: exitCode } = await run(...args);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(code)]);
  });
});

it('says where an entry was changed, as the doctor does, and goes on', async () => {
  const file = join(root, '.tandem', 'journal', 'ended', `${ids.deployed}.jsonl`);
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.replace('bob, carol', 'bob, mallory'));
  const { stdout, code } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain(`CAUTION: the journal of ${ids.deployed} is not as it was written: line 2`);
  const listed = historySchema.parse(JSON.parse((await run('--by', 'mallory', '--json')).stdout));
  expect(listed.operations).toMatchObject([{ operation: ids.deployed, chain: 'broken' }]);
  expect((await run(ids.deployed)).stdout).toMatch(/chain +broken/);
  const doctor = await tandemInProcess(root, ['doctor', '--json']);
  expect(doctor.stdout).toContain('"check": "journal-chain"');
  expect(doctor.stdout).toContain(`tandem history ${ids.deployed}`);
  writeFileSync(file, whole);
});

it('says where the journal of what was last applied is gone: nothing later could tell', async () => {
  const store = localRecords(root);
  await store.write({ ...record('openstack/lab/base'), operation: ids.running });
  expect((await tandemInProcess(root, ['doctor'])).stdout).not.toContain('is gone');
  await store.write({ ...record('openstack/lab/base'), operation: '20261128T101112-eeeeee' });
  expect((await tandemInProcess(root, ['doctor'])).stdout).toContain(
    'the journal of operation 20261128T101112-eeeeee, which applied openstack/lab/base, is gone',
  );
});

it('says of one that was killed on this host that it is unfinished, though its lock is left', async () => {
  const [operation, stack] = ['20261129T100000-ffffff', 'openstack/paris/base'] as const;
  await localJournal(root).begin({ by: 'a@b', commit: sha, arguments: {}, verb: 'deploy', stacks: [stack] }, operation);
  await localLocks(root).acquire(lockRequest({ stack, operation, processId: 2 ** 22 + 1 }));
  expect((await run(operation)).stdout).toMatch(/ended +unfinished/);
});

it('reads days, instants and times before now', () => {
  const now = new Date('2026-11-28T12:00:00Z');
  expect(since('30m')(now)).toEqual(new Date('2026-11-28T11:30:00Z'));
  expect(since('2w')(now)).toEqual(new Date('2026-11-14T12:00:00Z'));
  expect(since('2026-11-21')(now)).toEqual(new Date('2026-11-21T00:00:00Z'));
  expect(since('2026-11-21T08:00+01:00')(now)).toEqual(new Date('2026-11-21T07:00:00Z'));
});
