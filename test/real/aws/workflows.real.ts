import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, labEnvironment, startAwsEndpoint } from '../../../lab/aws/index.ts';
import { type ForgeEndpoint, HEAD, TOKEN } from '../../lib/forge/endpoint.ts';
import { startGitHub } from '../../lib/forge/github-endpoint.ts';
import { actionlint } from './go-tools.ts';
import { type AwsOperator, createBootstrap, createDeployRole, openOperator } from './operator.ts';
import { type JobOf, runJob } from './runner.ts';

const ACCOUNT = '222233334444';
const REGION = 'eu-west-3';
const WORKFLOWS = '.github/workflows';

/** The workflows that `init --ci github` writes, each step run as the runner does; each test goes on from where the last one ended. */
describe('the workflows of GitHub', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  let aws: AwsEndpoint;
  let forge: ForgeEndpoint;
  let operator: AwsOperator;

  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: operator.root, encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = (message: string): string => {
    git('add', 'config', '.github');
    git('commit', '-q', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  const keyOf = (name: string): string => join(folder, name);
  const repository = { full_name: 'acme/clouds', owner: { login: 'acme' } };
  const job = (machine: string, at: string, more: Partial<JobOf>): JobOf => ({
    ...{ origin: operator.root, commit: at, machine: join(folder, machine), artifacts: join(folder, 'artifacts') },
    ...{ event: {}, credentials: {}, expressions: {} },
    variables: { GITHUB_REPOSITORY: 'acme/clouds', GITHUB_API_URL: forge.api },
    ...more,
  });
  const withClouds = (): Partial<JobOf> => ({
    credentials: labEnvironment(aws.url, ACCOUNT, REGION),
    expressions: { 'secrets.TANDEM_BUNDLE_KEY': readFileSync(keyOf('ops'), 'utf8').trim() },
    // The project's private clouds are not there.
    edit: (text) => text.replace('{aws/**,openstack/*/base}', 'aws/staging/*'),
  });

  beforeAll(async () => {
    aws = await startAwsEndpoint({ stepMilliseconds: 25 });
    forge = await startGitHub();
    operator = openOperator(aws.url, ACCOUNT, REGION);
    const people = ['ops', 'bob'].map((name) => {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyOf(name)]);
      const line = readFileSync(`${keyOf(name)}.pub`, 'utf8').trim();
      return `  ${name}: { email: ${name}@example.org, keys: ["${line}"] }\n`;
    });
    writeFileSync(join(operator.root, 'config/approvers.yaml'), `people:\n${people.join('')}`);
    await operator.ok('init', '--ci', 'github');
    commit('workflows');
    await createDeployRole(aws.url, ACCOUNT, REGION);
    await createBootstrap(aws.url, ACCOUNT, REGION);
  });
  afterAll(async () => {
    await Promise.all([aws.close(), forge.close()]);
    operator.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are right to actionlint', async () => {
    // It gives its findings, and ends with 1 where there are any.
    const found = execFileSync(await actionlint(), ['-no-color', '-oneline'], { cwd: operator.root, encoding: 'utf8' });
    expect(found).toBe('');
  });

  it('plan a pull request without a credential, and another one writes the comment', async () => {
    git('checkout', '-q', '-b', 'fix');
    operator.edit(
      'config/environments/staging.yaml',
      (text) => `${text}  queues: { jobs: { visibilityTimeoutSeconds: 240 } }\n`,
    );
    const at = commit('visibility');
    git('checkout', '-q', 'main');
    const pull = { pull_request: { number: 7, head: { sha: HEAD, repo: repository } } };
    const summary = await runJob(
      `${WORKFLOWS}/tandem-plan.yml`,
      'plan',
      job('plan', at, {
        event: pull,
        variables: { GITHUB_REPOSITORY: 'acme/clouds', GITHUB_BASE_REF: 'main', GITHUB_REF: 'refs/pull/7/merge' },
      }),
    );
    expect(summary).toContain('to update');
    const run = { head_sha: HEAD, head_branch: 'fix', head_repository: repository, id: 1 };
    const posting = job('review', git('rev-parse', 'main'), {
      event: { workflow_run: run },
      expressions: { 'github.token': TOKEN, 'github.event.workflow_run.html_url': 'https://git.example.org/runs/1' },
    });
    await runJob(`${WORKFLOWS}/tandem-review.yml`, 'post', posting);
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).toContain('aws/staging/cluster');
    expect(forge.statuses).toMatchObject([{ context: 'tandem/tandem', state: 'success' }]);
  });

  it('freeze what was merged, wait for a signature, and deploy that', async () => {
    git('merge', '-q', 'fix');
    const at = git('rev-parse', 'HEAD');
    const deploying = `${WORKFLOWS}/tandem-deploy.yml`;
    const summary = await runJob(deploying, 'bundle', job('bundle', at, withClouds()));
    expect(summary).toContain('aws/staging/network');
    await expect(runJob(deploying, 'deploy', job('too-early', at, withClouds()))).rejects.toThrow(
      'bundle-not-approved',
    );

    const bundle = join(folder, 'bundle.json');
    cpSync(join(folder, 'artifacts/tandem-bundle/bundle.json'), bundle);
    await operator.ok('approve', bundle, '--key', keyOf('bob'), '--yes');
    git('checkout', '-q', '--orphan', 'tandem-bundles');
    git('rm', '-q', '-r', '--cached', '.');
    cpSync(bundle, join(operator.root, `${at}.json`));
    git('add', `${at}.json`);
    git('commit', '-q', '-m', 'approved');
    git('checkout', '-q', '-f', 'main');
    expect(await runJob(deploying, 'deploy', job('deploy', at, withClouds()))).toContain('aws/staging/cluster applied');
  });
});
