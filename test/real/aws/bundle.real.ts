import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const STAGING = 'config/environments/staging.yaml';

/** Freeze, approve and deploy `staging`, with keys that ssh-keygen makes; each test goes on from where the last one ended. */
describe('a bundle on AWS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-aws-'));
  const file = join(folder, 'staging.json');
  let endpoint: AwsEndpoint;
  let operator: AwsOperator;

  const keyOf = (name: string): string => join(folder, name);
  const commit = (message: string): void => {
    const options = { cwd: operator.root };
    execFileSync('git', ['add', 'config'], options);
    execFileSync('git', ['commit', '-q', '-m', message], options);
  };
  const freeze = () => operator.ok('plan', 'staging', '--live', '--out', file, '--key', keyOf('ops'));
  const approve = () => operator.ok('approve', file, '--key', keyOf('bob'), '--yes');

  beforeAll(async () => {
    endpoint = await startAwsEndpoint({ stepMilliseconds: 25 });
    operator = openOperator(endpoint.url, ACCOUNT, REGION);
    const people = ['ops', 'bob', 'carol'].map((name) => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyOf(name)]);
      const line = readFileSync(`${keyOf(name)}.pub`, 'utf8').trim();
      return `  ${name}: { email: ${name}@example.org, keys: ["${line}"] }\n`;
    });
    writeFileSync(join(operator.root, 'config/approvers.yaml'), `people:\n${people.join('')}`);
    commit('approvers');
    await createDeployRole(endpoint.url, ACCOUNT, REGION);
    await createBootstrap(endpoint.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await endpoint.close();
    operator.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is needed where somebody could approve', async () => {
    const { code, log } = await operator.tandem('deploy', 'staging', '--yes');
    expect([code, log]).toEqual([1, expect.stringContaining('error approval-needed')]);
  });

  it('is refused without an approval, and by its author', async () => {
    await freeze();
    expect((await operator.tandem('deploy', file)).log).toContain('error bundle-not-approved');
    const own = await operator.tandem('approve', file, '--key', keyOf('ops'), '--yes');
    expect(own.log).toContain('error own-approval');
  });

  it('killed in the middle, and gone on with, makes what was approved: the stack that waited too', async () => {
    await approve();
    const killed = await operator.killedAt(/cluster: applying/, 'deploy', file);
    expect(killed.code).toBeNull();
    const { code, out, log } = await operator.tandem('deploy', '--resume');
    expect(code, log).toBe(0);
    expect(out).toContain('aws/staging/cluster applied');
    expect((await operator.tandem('deploy', file)).log).toContain('error bundle-deployed-already');
    const { operations } = JSON.parse(await operator.ok('history', '--json')) as { operations: unknown[] };
    expect(operations[0]).toMatchObject({ approvedBy: 'bob', outcome: 'succeeded', changes: { create: 88 } });
  });

  it('of two at once, one deploys a change', async () => {
    operator.edit(STAGING, (text) => `${text}  queues: { jobs: { visibilityTimeoutSeconds: 240 } }\n`);
    commit('visibility');
    await freeze();
    await approve();
    const both = await Promise.all([operator.tandem('deploy', file), operator.tandem('deploy', file)]);
    expect(both.map(({ code }) => code).sort(), both.map(({ log }) => log).join('\n')).toEqual([0, 1]);
    expect(both.map(({ out }) => out).join('')).toMatch(/aws\/staging\/cluster applied: \d+ changes? in/);
  });

  it('changed by one byte is refused', async () => {
    const text = readFileSync(file, 'utf8');
    const at = text.indexOf('"payload"') + 500;
    writeFileSync(file, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
    const { code, log } = await operator.tandem('deploy', file);
    expect(code).toBe(1);
    expect(log).toMatch(/error (?:signature-invalid|envelope-unreadable)/);
  });
});
