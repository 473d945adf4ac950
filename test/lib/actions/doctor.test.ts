import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { lockRequest } from '../state/lock-request.ts';

const base = 'openstack/lab/base';
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-doctor-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string): string => {
  const file = join(root, '.tandem', path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};
const doctor = async (...flags: string[]) => {
  const { stdout, code: exitCode } = await tandemInProcess(root, ['doctor', ...flags, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: { check: string; text: string; repaired: string | null }[] };
  return { exitCode, findings: findings.filter((each) => each.check !== 'no-terraform') };
};

it('finds what is broken or left, repairs it with a copy, and is quiet then', async () => {
  put(`record/${base}.json`, '{"trunc');
  mkdirSync(join(root, '.tandem/record/aws/staging/network.json'), { recursive: true, mode: 0o700 });
  const draft = put('record/x.json.77-0a1b2c3d', '{');
  utimesSync(draft, 0, 0);
  const open = put('state/x.tfstate', '{}');
  chmodSync(open, 0o644);
  await localLocks(root).acquire(lockRequest({ stack: base, host: hostname(), processStarted: '1' }));
  const journal = localJournal(root);
  const id = await journal.begin({ verb: 'deploy', stacks: [base], by: 'ops', commit: '', arguments: {} });
  put('journal/20260101T000000-abcdef.jsonl', 'rubbish\n');

  const found = await doctor();
  expect(found.exitCode).toBe(1);
  expect(found.findings.map((each) => each.check).sort()).toEqual([
    ...['abandoned-draft', 'broken-journal', 'broken-record', 'broken-record', 'dead-lock', 'mode-too-open'],
    ...['unfinished-operation', 'unfinished-operation'],
  ]);
  expect(found.findings.every((each) => each.repaired === null)).toBe(true);

  const repaired = await doctor('--repair');
  const copies = repaired.findings.flatMap((each) => /(\S*\/broken\/\S+)$/.exec(each.repaired ?? '')?.[1] ?? []);
  expect(copies).toHaveLength(4);
  expect(copies.every((copy) => existsSync(copy))).toBe(true);
  expect(
    copies
      .filter((copy) => statSync(copy).isFile())
      .map((copy) => readFileSync(copy, 'utf8'))
      .sort(),
  ).toEqual([...['rubbish\n', '{', '{"trunc']]);
  await journal.end(id, 'abandoned');
  expect(await doctor()).toMatchObject({ exitCode: 0, findings: [] });
});

it('finds a missing Terraform, a missing name for commits, and states that runs left; not those of a run at work', async () => {
  vi.stubEnv('TANDEM_TERRAFORM', join(root, 'no-such-terraform'));
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  git('init');
  git('config', 'user.name', '');
  const left = [
    put('work/openstack-lab-base/errored.tfstate', '{}'),
    put('work/openstack-lab-base/terraform.tfstate', '{}'),
    put('look/openstack-lab-base/terraform.tfstate', '{}'),
    put('work/openstack-paris-base/terraform.tfstate', '{}'),
  ];
  await localLocks(root).acquire(lockRequest({ stack: 'openstack/paris/base', operation: 'now' }));
  const { stdout } = await tandemInProcess(root, ['doctor', '--json']);
  vi.unstubAllEnvs();
  const { findings } = JSON.parse(stdout) as { findings: { check: string; text: string }[] };
  expect(findings.map((each) => each.check).sort()).toEqual([
    ...['no-git-identity', 'no-terraform', 'plain-state', 'plain-state', 'state-not-saved'],
  ]);
  const texts = findings.map((each) => each.text).join('\n');
  expect(left.map((file) => texts.includes(file))).toEqual([true, true, true, false]);
});

it('leaves a lock that cannot be read to people', async () => {
  put(`locks/${base}.json`, '{"trunc');
  const { findings, exitCode } = await doctor('--repair');
  expect([findings[0]?.check, findings[0]?.repaired, exitCode]).toEqual(['broken-lock', null, 1]);
});
