import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revertSchema } from '../../../lib/actions/revert/schema.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import type { StackRecord } from '../../../lib/state/record.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { record } from '../state/record-of.ts';

const PROD = 'config/environments/prod.yaml';
const cluster: StackId = 'aws/prod/cluster';
const ID = '20261128T101112-abcdef';
let folder = '';
let root = '';
const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const edit = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(join(root, file), read(file).replace(from, to));
const commit = (message: string): string => {
  git('add', '-A');
  git('commit', '-qm', message);
  return git('rev-parse', 'HEAD');
};

/** What earlier tests synthesized: most stacks are those of the shipped configuration. */
const synthesized = mkdtempSync(join(tmpdir(), 'tandem-revert-made-'));
const artefacts = () => join(root, '.tandem/cache/artefacts');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-revert-'));
  root = join(folder, 'checkout');
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  cpSync(synthesized, artefacts(), { recursive: true });
  writeFileSync(join(root, '.gitignore'), '.tandem/\n');
  git('init', '-q', '-b', 'main');
  for (const [name, value] of Object.entries({
    'user.name': 'Ops',
    'user.email': 'ops@example.org',
    'commit.gpgsign': 'false',
  }))
    git('config', name, value);
});
afterEach(() => {
  if (existsSync(artefacts())) cpSync(artefacts(), synthesized, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(synthesized, { recursive: true }));

const recordAt = (stack: StackId, at: string, files: readonly string[]): StackRecord => ({
  ...record(stack, at),
  files: [...files],
});

/** An operation that brought a stack from one record to another, as a deploy leaves it. */
async function operated(
  stack: StackId,
  before: StackRecord | null,
  after: StackRecord | null,
  actions: readonly string[] = [],
): Promise<void> {
  const versions = sealedVersions(localVersions(root), clearSealer);
  const keep = (operation: string, moment: string, kept: StackRecord | null, minute: number) =>
    versions.keep(
      stack,
      { state: null, record: kept },
      { operation, moment, by: 'ops', at: new Date(Date.UTC(2026, 10, 1, 0, minute)) },
    );
  if (before !== null) await keep('20261101T000000-000000', 'after apply', before, 0);
  await keep(ID, 'before apply', before, 1);
  await keep(ID, after === null ? 'after destroy' : 'after apply', after, 2);
  const journal = localJournal(root);
  await journal.begin(
    { verb: 'deploy', stacks: [stack], by: 'ops@here', commit: after?.commit ?? '', arguments: {} },
    ID,
  );
  const key = `${after === null ? 'destroy' : 'apply'} ${stack}`;
  await journal.intend({ operation: ID, key, detail: { actions } });
  await journal.done({ operation: ID, key }, null);
  await journal.end(ID, 'succeeded');
}
const run = (...flags: string[]) => tandemInProcess(root, ['revert', ID, ...flags]);

describe('tandem revert', () => {
  /** prod's maximum from 500 to 490, deployed. */
  async function changed(actions: readonly string[] = []): Promise<void> {
    const before = commit('before');
    edit(PROD, 'maximum: 500', 'maximum: 490');
    const after = commit('fewer');
    await operated(cluster, recordAt(cluster, before, [PROD]), recordAt(cluster, after, [PROD]), actions);
  }

  it('makes a branch as it was before, keeps what changed elsewhere, and touches no working tree', async () => {
    await changed(['delete Queue', 'update Fleet']);
    edit(PROD, /^/, '# a later comment\n');
    commit('later');
    writeFileSync(join(root, 'half-done.txt'), 'mine: true\n');
    git('add', 'half-done.txt');
    const [head, status] = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
    const { stdout, stderr, code } = await run('--json');
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const result = revertSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({
      operation: ID,
      stacks: [cluster],
      files: [PROD],
      lasting: [`${cluster}: delete Queue`],
      command: null,
    });
    expect(git('diff', '--name-only', 'HEAD', `tandem/revert-${ID}`)).toBe(PROD);
    const text = git('show', `tandem/revert-${ID}:${PROD}`);
    expect(text).toContain('# a later comment');
    expect(text).toContain('maximum: 500');
    expect(git('log', '-1', '--format=%s', `tandem/revert-${ID}`)).toBe(`Revert deploy ${ID}`);
    const fleet = result.plan.stacks.find(({ id }) => id === cluster);
    expect(JSON.stringify(fleet)).toContain('490');
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([head, status]);
    const again = await run();
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('revert-exists')]);
  });

  it('fails where a later commit changed the same lines, names the file, and leaves nothing', async () => {
    await changed();
    edit(PROD, 'maximum: 490', 'maximum: 480');
    commit('still fewer');
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /revert-conflicts[^]*config\/environments\/prod\.yaml|config\/environments\/prod\.yaml[^]*revert-conflicts/,
      ),
    ]);
    expect(git('branch', '--list', 'tandem/*')).toBe('');
  });

  it('pushes the branch to the remote, from the remote’s tip, and says how to open the pull request', async () => {
    await changed();
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', join(folder, 'origin.git')]);
    git('remote', 'add', 'origin', join(folder, 'origin.git'));
    git('push', '-q', '-u', 'origin', 'main');
    edit(PROD, /^/, '# not pushed\n');
    commit('mine alone');
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`gh pr create --head tandem/revert-${ID} --base main --fill`),
    ]);
    expect(git('ls-remote', 'origin', `refs/heads/tandem/revert-${ID}`)).toContain(
      git('rev-parse', `tandem/revert-${ID}`),
    );
    expect(git('show', `tandem/revert-${ID}:${PROD}`)).not.toContain('not pushed');
  });

  const lease: StackId = 'openstack/lab/dev/zoe';
  const file = 'config/dev/zoe.yaml';
  const stands = ['config/blueprints/tiny.yaml', 'config/clouds/lab.yaml', 'config/tandem.yaml'];

  it('takes a lease away that the operation made, and nothing that others stand on', async () => {
    commit('before');
    cpSync(join(root, 'config/dev', 'anna.yaml'), join(root, file));
    const after = commit('lease');
    await operated(lease, null, recordAt(lease, after, [file, ...stands]));
    expect(revertSchema.parse(JSON.parse((await run('--json')).stdout)).files).toEqual([file]);
    expect(git('diff', '--name-status', 'HEAD', `tandem/revert-${ID}`)).toBe(`D\t${file}`);
  });

  it('brings a lease back that the operation ended, and leaves what changed since', async () => {
    cpSync(join(root, 'config/dev', 'anna.yaml'), join(root, file));
    const before = commit('lease');
    rmSync(join(root, file));
    edit('config/tandem.yaml', /^/, '# later\n');
    commit('ended');
    await operated(lease, recordAt(lease, before, [file, ...stands]), null);
    expect(revertSchema.parse(JSON.parse((await run('--json')).stdout)).files).toEqual([file]);
  });

  it('fails with the branch it looked at where the change was never pushed', async () => {
    const before = commit('before');
    git('init', '-q', '--bare', join(folder, 'remote'));
    git('remote', 'add', 'origin', join(folder, 'remote'));
    git('push', '-q', 'origin', 'main');
    edit(PROD, /maximum: 500/, 'maximum: 400');
    const after = commit('smaller');
    await operated(cluster, recordAt(cluster, before, [PROD]), recordAt(cluster, after, [PROD]));
    const { stderr } = await run();
    expect(stderr).toContain('revert-changes-nothing');
    expect(stderr).toContain('in origin/main, the configuration of its stacks');
    expect(stderr).toContain('where its change is in no commit of origin/main yet, push it');
    git('push', '-q', 'origin', 'main');
    expect((await run()).stderr).not.toContain('error');
  });

  it('fails where the commit before is not in this clone, where nothing is to be done, and where nothing is known', async () => {
    const head = commit('before');
    await operated(cluster, recordAt(cluster, 'f'.repeat(40), [PROD]), recordAt(cluster, head, [PROD]));
    expect((await run()).stderr).toContain('revert-unknown');
    rmSync(join(root, '.tandem'), { recursive: true });
    await operated(cluster, recordAt(cluster, head, [PROD]), {
      ...recordAt(cluster, head, [PROD]),
      digest: 'sha256:other',
    });
    expect((await run()).stderr).toContain('revert-changes-nothing');
    rmSync(join(root, '.tandem'), { recursive: true });
    await operated(cluster, null, recordAt(cluster, head, [PROD]));
    expect((await run()).stderr).toContain('revert-unknown');
  });
});
