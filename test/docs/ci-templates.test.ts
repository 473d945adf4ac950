import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ciFiles } from '../../lib/actions/init/files.ts';
import { root } from '../stacks/folders.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string;
  readonly if?: string;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What is wrong with a workflow of GitHub, by the rules of SECURITY.md. */
function problemsOf(text: string): string[] {
  const { on, permissions, jobs } = parse(text) as Workflow;
  const events = typeof on === 'string' ? [on] : Object.keys(on as object);
  const problems: string[] = [];
  if (events.includes('pull_request_target')) problems.push('a pull request gets secrets');
  if (JSON.stringify(permissions) !== '{"contents":"read"}') problems.push('the workflow may more than read');
  const isForAnybody = events.includes('pull_request');
  if (isForAnybody && /\$\{\{\s*secrets\.|id-token|TANDEM_ALLOW_FOREIGN_CODE/.test(text.replace(/^\s*#.*$/gm, '')))
    problems.push('a pull request gets a credential');
  for (const [name, job] of Object.entries(jobs)) {
    const mayMore = Object.entries(job.permissions ?? {}).filter(([scope, level]) => level !== 'read' && scope !== '');
    if (isForAnybody && mayMore.length > 0) problems.push(`${name} may write`);
    // A job that runs after another workflow has the token, and the code of the default branch.
    const scopes = mayMore.map(([scope]) => scope).join();
    const isPoster = events.join() === 'workflow_run' && scopes === 'pull-requests,statuses';
    if (mayMore.length > 0 && job.environment === undefined && !isPoster)
      problems.push(`${name} may write outside an environment`);
    for (const { uses, run = '', with: options = {} } of job.steps) {
      const isCached = uses?.startsWith('actions/setup-node@') === true && options['cache'] !== undefined;
      if (isCached && !isForAnybody) problems.push(`${name} runs what another job put into a cache`);
      if (isPoster && options['ref'] !== undefined) problems.push(`${name} checks out what others wrote`);
      if (uses !== undefined && !/@[0-9a-f]{40}$/.test(uses)) problems.push(`${uses} is not pinned by its commit`);
      if (uses?.startsWith('actions/checkout@') === true && options['persist-credentials'] !== false)
        problems.push(`${name} leaves a token in .git`);
      if (/npm (?:ci|install)(?!.*--ignore-scripts)/.test(run)) problems.push(`${name} runs install scripts`);
      if (/\$\{\{\s*github\.(?:event|head_ref)/.test(run)) problems.push(`${name} puts text of others into a shell`);
    }
  }
  return problems;
}

const workflows = new Map([
  ...Object.entries(ciFiles('github')),
  ['docs/examples/ci/github-release.yml', readFileSync(join(root, 'docs/examples/ci/github-release.yml'), 'utf8')],
]);
const textOf = (name: string) => workflows.get(`.github/workflows/tandem-${name}.yml`) ?? '';

describe('workflows of GitHub', () => {
  it('are four', () => {
    expect(workflows.size).toBe(4);
  });

  it.each([...workflows.keys()])('%s keeps the rules', (file) => {
    expect(problemsOf(workflows.get(file) ?? '')).toEqual([]);
  });

  it('deploy a bundle from the protected branch alone, behind reviewers', () => {
    const { on, jobs } = parse(textOf('deploy')) as Workflow;
    expect(on).toEqual({ push: { branches: ['main'] } });
    expect(jobs['bundle']).toMatchObject({ environment: 'plan', if: "github.ref == 'refs/heads/main'" });
    expect(jobs['deploy']).toMatchObject({
      environment: 'production',
      needs: 'bundle',
      if: "github.ref == 'refs/heads/main'",
    });
    expect(JSON.stringify(jobs['deploy']?.steps)).toContain('npx tandem deploy bundle.json --yes');
  });

  it('post with a token in a job that runs nothing of the pull request', () => {
    const { on, jobs } = parse(textOf('review')) as Workflow;
    expect(on).toEqual({ workflow_run: { workflows: ['tandem plan'], types: ['completed'] } });
    const runs = jobs['post']?.steps.flatMap(({ run }) => run ?? []);
    expect(runs).toEqual([
      'npm ci --ignore-scripts',
      'npx tandem review post --plan "$RUNNER_TEMP/tandem-plan/plan.json" --status --page-url "$RUN_URL"',
    ]);
  });

  it.each([
    ['plan', 'on: pull_request', 'on: pull_request_target', 'a pull request gets secrets'],
    ['plan', 'contents: read', 'contents: write', 'the workflow may more than read'],
    ['plan', 'npm ci --ignore-scripts', 'npm ci', 'plan runs install scripts'],
    ['plan', 'persist-credentials: false', 'persist-credentials: true', 'plan leaves a token in .git'],
    ['plan', 'npx tandem validate', 'echo ${{ secrets.X }}', 'a pull request gets a credential'],
    [
      'plan',
      'npx tandem validate',
      'echo ${{ github.event.pull_request.title }}',
      'plan puts text of others into a shell',
    ],
    ['plan', /@[0-9a-f]{40}/, '@v4', 'actions/checkout@v4 is not pinned by its commit'],
    [
      'review',
      'persist-credentials: false',
      'persist-credentials: false\n          ref: x',
      'post checks out what others wrote',
    ],
    ['review', 'statuses: write', 'deployments: write', 'post may write outside an environment'],
    [
      'deploy',
      'node-version: 24',
      'node-version: 24\n          cache: npm',
      'bundle runs what another job put into a cache',
    ],
    ['deploy', 'environment: plan', '', 'bundle may write outside an environment'],
  ])('fail: %s with %s as %s', (name, from, to, problem) => {
    expect(problemsOf(textOf(name).replace(from, () => to))).toContain(problem);
  });
});

describe('the pipeline of GitLab', () => {
  const { plan, review, bundle, deploy } = parse(ciFiles('gitlab')['.gitlab-ci.yml'] ?? '') as Record<string, never>;

  it('plans merge requests without a credential, and posts where it has a token', () => {
    expect(JSON.stringify(plan)).not.toMatch(/CLOUDS_YAML|TOKEN|TANDEM_|id_tokens|environment/);
    expect(plan).toMatchObject({ rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] });
    expect(JSON.stringify(review)).not.toMatch(/CLOUDS_YAML|id_tokens|environment/);
    expect(review).toMatchObject({
      rules: [
        {
          if: expect.stringContaining('$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID') as unknown,
        },
      ],
    });
  });

  it('deploys the bundle of the protected branch by hand', () => {
    const rule = { if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"' };
    expect(bundle).toMatchObject({ environment: { name: 'plan' }, rules: [rule] });
    expect(deploy).toMatchObject({
      environment: 'production',
      needs: ['bundle'],
      rules: [{ ...rule, when: 'manual' }],
    });
    expect(JSON.stringify([bundle, deploy])).not.toContain('cache');
  });
});
