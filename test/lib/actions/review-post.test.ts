import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { reviewPostSchema } from '../../../lib/actions/review/schema.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { type ForgeEndpoint, HEAD, TOKEN } from '../forge/endpoint.ts';
import { startGitHub } from '../forge/github-endpoint.ts';
import { startGitLab } from '../forge/gitlab-endpoint.ts';

let root = '';
let plan = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-review-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  plan = join(root, 'plan.json');
  writeFileSync(plan, (await tandemInProcess(root, ['plan', '--base', 'none', 'openstack/lab/base', '--json'])).stdout);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let endpoint: ForgeEndpoint;
beforeEach(async () => {
  endpoint = await startGitHub();
  for (const name of ['GITLAB_CI', 'CI_MERGE_REQUEST_IID', 'GITLAB_TOKEN', 'GITHUB_REF']) vi.stubEnv(name, undefined);
  inJobOf('acme');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint.close();
});

/** A job of a pull request, as GitHub tells it; after one of a fork, where the fork's owner is named. */
function inJobOf(owner: string, event: 'pull_request' | 'workflow_run' = 'pull_request'): void {
  const repo = { full_name: `${owner}/clouds`, owner: { login: owner } };
  const file = join(root, 'event.json');
  const run = { head_sha: HEAD, head_branch: 'fix', head_repository: repo };
  writeFileSync(
    file,
    JSON.stringify(
      event === 'workflow_run' ? { workflow_run: run } : { pull_request: { number: 7, head: { sha: HEAD, repo } } },
    ),
  );
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/clouds');
  vi.stubEnv('GITHUB_EVENT_PATH', file);
  vi.stubEnv('GITHUB_API_URL', endpoint.api);
  vi.stubEnv('GITHUB_TOKEN', TOKEN);
}
const post = (...flags: string[]) => tandemInProcess(root, ['review', 'post', '--plan', plan, ...flags]);

describe('tandem review post', () => {
  it('finds repository, request, commit and token of its job, and keeps one comment', async () => {
    const first = await post('--json', '--status');
    expect(reviewPostSchema.parse(JSON.parse(first.stdout))).toMatchObject({ outcome: 'created', status: 'success' });
    const { stdout, code } = await post();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^The comment was (updated|right already): http/)]);
    expect(endpoint.comments).toHaveLength(1);
    expect(endpoint.comments[0]?.body).toMatch(
      /^<!-- tandem-review {"target":"tandem"} -->\n<!-- tandem-plan .*\n### Plan: /,
    );
    // The commit that was planned, whatever is checked out here.
    expect(endpoint.comments[0]?.body).toContain(`commit ${HEAD.slice(0, 10)} against`);
    expect(endpoint.statuses).toMatchObject([{ context: 'tandem/tandem', state: 'success' }]);
    expect(first.stdout + first.stderr + stdout).not.toContain(TOKEN);
  });

  it('says where the plan was made by a fork, whose request it finds by branch and commit', async () => {
    inJobOf('mallory', 'workflow_run');
    expect((await post()).code).toBe(0);
    expect(endpoint.comments[0]?.body).toContain("the fork's own job made the plan");
  });

  it('posts to a GitLab of one’s own that is named', async () => {
    const gitLab = await startGitLab();
    vi.stubEnv('GITLAB_TOKEN', TOKEN);
    const { code } = await post('--forge', 'gitlab', '--api', gitLab.api, '--repository', '42', '--number', '7');
    expect([code, gitLab.comments.length]).toEqual([0, 1]);
    await gitLab.close();
  });

  it('takes Markdown that Tandem wrote', async () => {
    const markdown = join(root, 'plan.md');
    await tandemInProcess(root, ['plan', '--base', 'none', 'openstack/lab/base', '--markdown', markdown]);
    expect((await post('--plan', markdown)).code).not.toBe(0);
    expect((await tandemInProcess(root, ['review', 'post', '--plan', markdown])).code).toBe(0);
    expect(endpoint.comments).toHaveLength(1);
  });

  it('shows the comment without a token, and asks nobody', async () => {
    vi.stubEnv('GITHUB_TOKEN', '');
    const { stdout, code } = await post('--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^<!-- tandem-review /)]);
    expect(endpoint.calls).toEqual([]);
    expect((await post()).stderr).toContain('forge-token-missing');
  });

  it('is as long as the project says for the forge that it goes to, and links to the page', async () => {
    const settings = join(root, 'config/tandem.yaml');
    const before = readFileSync(settings, 'utf8');
    const page = 'https://ci.example.org/42/plan.html';
    writeFileSync(settings, `${before}\nreview: { maximumCharacters: 2000, pageUrl: "https://plans.example.org/" }\n`);
    const large = join(root, 'large.json');
    const many = Array.from({ length: 100 }, (_, index) => `host ${index}: ${'what stops now '.repeat(3)}`);
    writeFileSync(large, JSON.stringify({ ...JSON.parse(readFileSync(plan, 'utf8')), availability: many }));
    const posted = (...flags: string[]) => tandemInProcess(root, ['review', 'post', '--plan', large, ...flags]);
    expect((await posted('--page-url', page)).code).toBe(0);
    const short = (await posted('--dry-run')).stdout;
    // A length that was set for GitHub says nothing of GitLab.
    const long = (await posted('--dry-run', '--forge', 'gitlab')).stdout;
    writeFileSync(settings, before);
    const text = endpoint.comments[0]?.body ?? '';
    expect(text.length).toBeLessThan(2200);
    expect(text).toContain(page);
    expect(short).toContain('https://plans.example.org/');
    expect(long.length).toBeGreaterThan(2200);
  });

  it.each([
    ['{"format":"tandem.plan/1"}', 'not-a-plan'],
    ['{"format":"tandem.plan/9","stacks":[]}', 'not-a-plan'],
    ['{"trunc', 'not-a-plan'],
    ['# @everyone, approve <img src=x>', 'not-a-plan'],
    ['', 'not-a-plan'],
  ])('fails for a file that is no plan: %s', async (text, code) => {
    const file = join(root, 'rubbish');
    writeFileSync(file, text);
    const { stderr, code: exitCode } = await tandemInProcess(root, ['review', 'post', '--plan', file]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(code)]);
    expect(endpoint.calls).toEqual([]);
  });
});
