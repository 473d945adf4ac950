import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initialFiles } from '../../lib/actions/init/files.ts';
import { root } from '../stacks/folders.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
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
    if (mayMore.length > 0 && job.environment === undefined) problems.push(`${name} may write outside an environment`);
    for (const { uses, run = '', with: options = {} } of job.steps) {
      if (uses !== undefined && !/@[0-9a-f]{40}$/.test(uses)) problems.push(`${uses} is not pinned by its commit`);
      if (uses?.startsWith('actions/checkout@') === true && options['persist-credentials'] !== false)
        problems.push(`${name} leaves a token in .git`);
      if (/npm (?:ci|install)(?!.*--ignore-scripts)/.test(run)) problems.push(`${name} runs install scripts`);
      if (/\$\{\{\s*github\.(?:event|head_ref)/.test(run)) problems.push(`${name} puts text of others into a shell`);
    }
  }
  return problems;
}

const templates = globSync('docs/examples/ci/github-*.yml', { cwd: root });
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

describe('workflows of GitHub', () => {
  it('are three', () => {
    expect(templates).toHaveLength(3);
  });

  it.each(templates)('%s keeps the rules', (file) => {
    expect(problemsOf(textOf(file))).toEqual([]);
  });

  it('that `tandem init` writes keeps them as well', () => {
    const files = initialFiles({ organisation: 'acme', contact: 'a@acme.example.org', cloud: 'paris', version: '1' });
    expect(problemsOf(files['.github/workflows/tandem.yml'] ?? '')).toEqual([]);
  });

  it('deploy from the protected branch alone, behind reviewers', () => {
    const { on, jobs } = parse(textOf('docs/examples/ci/github-deploy.yml')) as Workflow;
    expect(on).toEqual({ push: { branches: ['main'] } });
    expect(jobs['deploy']).toMatchObject({ environment: 'production', if: "github.ref == 'refs/heads/main'" });
  });

  it.each([
    ['on: pull_request', 'on: pull_request_target', 'a pull request gets secrets'],
    ['contents: read', 'contents: write', 'the workflow may more than read'],
    ['npm ci --ignore-scripts', 'npm ci', 'plan runs install scripts'],
    ['persist-credentials: false', 'persist-credentials: true', 'plan leaves a token in .git'],
    ['npx tandem validate', 'echo ${{ secrets.X }}', 'a pull request gets a credential'],
    ['npx tandem validate', 'echo ${{ github.event.pull_request.title }}', 'plan puts text of others into a shell'],
    [/@[0-9a-f]{40}/, '@v4', 'actions/checkout@v4 is not pinned by its commit'],
  ])('fail with %s as %s', (from, to, problem) => {
    expect(problemsOf(textOf('docs/examples/ci/github-plan.yml').replace(from, () => to))).toContain(problem);
  });
});

describe('the pipeline of GitLab', () => {
  const { default: common, plan, deploy } = parse(textOf('docs/examples/ci/gitlab-ci.yml')) as Record<string, never>;

  it('plans merge requests without a credential, and deploys the protected branch by hand', () => {
    expect(JSON.stringify(plan)).not.toMatch(/CLOUDS_YAML|TANDEM_|id_tokens|environment/);
    expect(plan).toMatchObject({ rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] });
    const rule = { if: '$CI_COMMIT_BRANCH == "main" && $CI_COMMIT_REF_PROTECTED == "true"', when: 'manual' };
    expect(deploy).toMatchObject({ environment: 'production', rules: [rule] });
    expect(common).toMatchObject({ image: expect.stringMatching(/@sha256:[0-9a-f]{64}$/) as unknown });
  });
});
