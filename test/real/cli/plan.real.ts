import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/plan/model.ts';
import { planSchema } from '../../../lib/plan/schema.ts';
import type { Why } from '../../../lib/plan/why/why.ts';
import { BARE } from '../../bare.ts';
import { copyProject, tandem } from '../../stacks/copy-project.ts';

let root: string;
const heads: string[] = [];

function git(...args: string[]): string {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...author, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function commit(message: string): string {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(root, file);
  const [before, after] = [readFileSync(path, 'utf8'), change(readFileSync(path, 'utf8'))];
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

async function plan(...args: string[]): Promise<Plan> {
  const { stdout, stderr, code } = await tandem(root, ['plan', '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // The contract, of every plan that this file makes.
  planSchema.parse(JSON.parse(stdout));
  return JSON.parse(stdout) as Plan;
}

function stackOf(result: Plan, id: string) {
  return result.stacks.find((stack) => stack.id === id);
}

beforeAll(() => {
  root = copyProject();
  for (const [file, text] of Object.entries(BARE)) writeFileSync(join(root, file), text);
  for (const name of ['anna', 'bruno', 'demo'])
    edit(`config/dev/${name}.yaml`, (text) => text.replace('blueprint: di\n', 'blueprint: bare\n'));
  writeFileSync(join(root, '.gitignore'), 'node_modules\n.tandem/\ncdk.out/\ncdktf.out/\n');
  git('init', '--quiet', '--initial-branch=main');
  heads.push(commit('start'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('plan', () => {
  it('has no changes against its own commit, and says so in its exit code', async () => {
    const { stacks, summary, base } = await plan('--base', 'HEAD');
    expect(stacks.every((stack) => stack.status === 'unchanged')).toBe(true);
    expect(summary).toEqual({ create: 0, update: 0, interrupt: 0, replace: 0, delete: 0, other: 0, noise: 0 });
    expect(base).toEqual({ kind: 'commit', ref: heads[0] });
    expect((await tandem(root, ['plan', '--base', 'HEAD', '--detailed-exitcode'])).code).toBe(0);
    expect((await tandem(root, ['plan', '--base', 'none', '--detailed-exitcode', 'lab'])).code).toBe(2);
  });

  it('shows an edit in the stacks that it reaches, with its line', async () => {
    edit('config/blueprints/bare.yaml', (text) =>
      text.replace(/(search:\n\s+image: debian-12\n\s+flavor: )large/, '$1medium'),
    );
    const result = await plan('--base', 'HEAD');
    const changed = result.stacks.filter((stack) => stack.status !== 'unchanged').map((stack) => stack.id);
    expect(changed).toContain('openstack/paris/dev/anna');
    expect(changed.some((id) => id.startsWith('aws/') || id === 'openstack/paris/dev/social')).toBe(false);
    const line = readFileSync(join(root, 'config/blueprints/bare.yaml'), 'utf8')
      .split('\n')
      .findIndex((each) => each.trim() === 'search:');
    const [change] =
      stackOf(result, 'openstack/paris/dev/anna')?.changes.filter((each) =>
        each.attributes.some((a) => a.path === 'flavor_name'),
      ) ?? [];
    expect(change?.source?.file).toBe('config/blueprints/bare.yaml');
    expect(change?.source?.line).toBeGreaterThan(line);
    expect(change?.source?.line).toBeLessThan(line + 4);
    git('checkout', '--quiet', '.');
  });

  it('destroys a lease only once its deletion is committed, and from nowhere else', async () => {
    rmSync(join(root, 'config/dev/bruno.yaml'));
    const id = 'openstack/paris/dev/bruno';
    expect(stackOf(await plan('--base', heads[0] ?? ''), id)).toMatchObject({ status: 'unknown-here', changes: [] });
    commit('bruno is done');
    const gone = stackOf(await plan('--base', heads[0] ?? '', 'bruno'), id);
    expect(gone).toMatchObject({ status: 'changed', reason: expect.stringContaining('(Ada, ') as string });
    expect(gone?.changes.every((change) => change.action === 'delete' && change.source?.commit === heads[0])).toBe(
      true,
    );
    const ahead = git('rev-parse', 'HEAD');
    git('checkout', '--quiet', heads[0] ?? '');
    writeFileSync(join(root, 'config/dev/clara.yaml'), readFileSync(join(root, 'config/dev/anna.yaml')));
    const theirs = commit('clara leases elsewhere');
    git('checkout', '--quiet', ahead);
    const lacking = stackOf(await plan('--base', theirs), 'openstack/paris/dev/clara');
    expect(lacking).toMatchObject({
      status: 'unknown-here',
      reason: expect.stringMatching(/not in the history/) as string,
    });
  });

  it('compares a branch with where this checkout left it, and a commit with itself', async () => {
    const start = git('rev-parse', 'HEAD');
    git('checkout', '--quiet', '-b', 'theirs');
    edit('config/environments/prod.yaml', (text) => text.replace('maximum: 500', 'maximum: 490'));
    commit('fewer');
    for (const message of ['more', 'and more']) commit(message);
    git('update-ref', 'refs/remotes/origin/main', 'theirs');
    git('checkout', '--quiet', start);
    const told = await plan('--base', 'origin/main', 'prod');
    expect(told.base).toEqual({ kind: 'commit', ref: start, branch: { name: 'origin/main', behind: 3 } });
    expect(told.stacks.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    const { stdout } = await tandem(root, ['plan', '--base', 'origin/main', 'prod']);
    expect(stdout).toContain('3 commits behind origin/main');
    const literal = await plan('--base', git('rev-parse', 'theirs'), 'prod');
    expect(literal.base.branch).toBeUndefined();
    expect(literal.stacks.some(({ status }) => status === 'changed')).toBe(true);
    git('checkout', '--quiet', '--orphan', 'unrelated');
    commit('unrelated');
    const { stderr, code } = await tandem(root, ['plan', '--base', 'origin/main', 'prod']);
    git('checkout', '--quiet', '--force', start);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error no-common-commit: .*origin\/main.*\nnext: .*tandem plan --base [0-9a-f]{10}/);
  });

  it("makes a commit's artefacts with that commit's code", async () => {
    edit('lib/openstack/tandem-terraform-stack.ts', (text) => text.replace(/>= 1\.6\.0/, '>= 1.7.0'));
    const { stdout, stderr, code } = await tandem(root, ['plan', '--json', '--base', 'HEAD', 'openstack/lab/base']);
    git('checkout', '--quiet', '.');
    expect(code).toBe(0);
    expect(stderr).toMatch(/the code of [0-9a-f]{10} differs/);
    expect(JSON.parse(stdout)).toMatchObject({
      stacks: [{ id: 'openstack/lab/base', changes: [{ address: 'terraform.required_version' }] }],
    });
  });

  it('writes a review that links to lines', async () => {
    edit('config/blueprints/bare.yaml', (text) => text.replace('flavor: large', 'flavor: medium'));
    git('remote', 'add', 'origin', 'git@github.com:acme/clouds.git');
    await plan('--base', 'HEAD', '--markdown', 'plan.md');
    git('checkout', '--quiet', '.');
    const text = readFileSync(join(root, 'plan.md'), 'utf8');
    rmSync(join(root, 'plan.md'));
    expect(text).toMatch(/^<!-- tandem-plan \{"tool":"tandem"/);
    expect(text).toMatch(
      /\]\(https:\/\/github\.com\/acme\/clouds\/blob\/[0-9a-f]{40}\/config\/blueprints\/bare\.yaml#L\d+\)/,
    );
    expect(text).toContain('```diff');
  });
});

describe('why', () => {
  it('leads from a resource to its lines, their commits, and what else they affect', async () => {
    const { stdout } = await tandem(root, ['plan', '--json', '--base', 'none', 'anna']);
    const server = stackOf(JSON.parse(stdout) as Plan, 'openstack/paris/dev/anna')?.changes.find(
      (each) => each.type === 'openstack_compute_instance_v2',
    );
    const answer = JSON.parse((await tandem(root, ['why', '--json', `anna:${server?.address ?? ''}`])).stdout) as Why;
    const flavor = answer.lines.find((line) => line.attribute === 'flavor_name');
    expect(flavor).toMatchObject({ file: 'config/blueprints/bare.yaml', commit: { summary: 'start', author: 'Ada' } });
    expect(
      flavor?.affects.some((each) => each.stack === 'openstack/paris/dev/demo' && each.attribute === 'flavor_name'),
    ).toBe(true);
  });

  it('says who wrote a line not yet', async () => {
    edit('config/blueprints/bare.yaml', (text) => text.replace('prefixLength: 24', 'prefixLength: 25'));
    const line = readFileSync(join(root, 'config/blueprints/bare.yaml'), 'utf8')
      .split('\n')
      .findIndex((each) => each.startsWith('prefixLength'));
    const { stdout } = await tandem(root, ['why', `config/blueprints/bare.yaml:${line + 1}`]);
    git('checkout', '--quiet', '.');
    expect(stdout).toContain('prefixLength: 25');
    expect(stdout).toContain('not committed yet');
  });
});

describe('errors', () => {
  it.each([
    ['an unknown stack', ['plan', '--base', 'none', 'alise'], 'no-such-stack'],
    ['an unknown commit', ['plan', '--base', 'nowhere'], 'no-such-commit'],
    ['an unknown address', ['why', 'openstack_compute_instance_v2.nothing'], 'no-such-address'],
    ['an unknown flag', ['plan', '--bsae', 'x'], 'usage'],
    ['an unknown verb', ['plna'], 'usage'],
    [
      'a file that cannot be written',
      ['plan', '--base', 'none', 'lab', '--markdown', '/nonexistent/x.md'],
      'cannot-write',
    ],
    ['a wrong number', ['plan', '--parallelism', '0'], 'usage'],
  ])('fails with a code and a next step, and no trace, for %s', async (_, args, code) => {
    const { code: exit, stderr, stdout } = await tandem(root, [...args, '--json']);
    expect(exit).toBe(1);
    expect(stderr).toMatch(new RegExp(`error ${code}: .+\\nnext: .+`));
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'tandem.error/1', code });
  });

  it('ends quietly when nobody reads on', () => {
    const script =
      '"$NODE" lib/cli/main.ts plan --base none --verbose --json anna 2>err.txt | head -c 10; cat err.txt >&2';
    const node = join(root, 'node_modules/.bin/node');
    const output = execFileSync('bash', ['-c', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE: node },
    });
    expect(output).toHaveLength(10);
    expect(readFileSync(join(root, 'err.txt'), 'utf8')).toBe('');
    rmSync(join(root, 'err.txt'));
  });

  it('has examples for each verb, completion, and a version', async () => {
    for (const verb of ['validate', 'synth', 'plan', 'why'])
      expect((await tandem(root, [verb, '--help'])).stdout).toMatch(/Examples:\n\s+tandem /);
    expect((await tandem(root, ['complete', 'plan', 'ann'])).stdout).toContain('anna');
    expect((await tandem(root, ['complete', 'deploy', 'kolla/'])).stdout).toMatch(/^kolla\/paris\t/);
    expect((await tandem(root, ['complete', 'deploy', 'openstack/lab/link'])).stdout).toMatch(
      /^openstack\/lab\/link-addresses/m,
    );
    const envelope = { payloadType: 'application/vnd.in-toto+json', payload: '', signatures: [] };
    writeFileSync(join(root, 'approved.json'), JSON.stringify(envelope, null, 1));
    writeFileSync(join(root, 'appendix.json'), '{}');
    expect((await tandem(root, ['complete', 'deploy', 'app'])).stdout).toMatch(/^approved.json\t[^\n]*\n$/);
    expect((await tandem(root, ['complete', 'approve', 'app'])).stdout).toMatch(/^approved.json\t/);
    expect((await tandem(root, ['complete', 'plan', '--ba'])).stdout).toContain('--base');
    expect((await tandem(root, ['complete', 'simulate', 'prod', '--workload', 'made:b'])).stdout).toMatch(
      /^made:burst\t/,
    );
    expect((await tandem(root, ['completion', 'bash'])).stdout).toContain('complete -o default -F _tandem tandem');
    expect((await tandem(root, ['--version'])).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
