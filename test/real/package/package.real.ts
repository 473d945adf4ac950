/**
 * What somebody has who installs the package: a folder of one's own, no checkout. Needs npm and its registry; no root, no cloud.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../stacks/folders.ts';

const exec = promisify(execFile);
let home: string;
let project: string;

/** Runs a command of the user's: on the user's Node and npm, not on this checkout's. */
async function run(command: string, args: readonly string[], cwd: string = project) {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.startsWith(root));
  const env = { ...process.env, PATH: path.join(delimiter), NO_COLOR: '1', CHECKPOINT_DISABLE: '1' };
  // Cleaned of what npm and vitest tell their children.
  for (const name of Object.keys(env)) if (/^npm_|^NODE_|^VITEST/.test(name)) Reflect.deleteProperty(env, name);
  try {
    return { code: 0, ...(await exec(command, args, { cwd, env, maxBuffer: 64 << 20 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

async function tandem(...args: string[]) {
  return await run('npx', ['tandem', ...args]);
}

async function idsOf(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await tandem('plan', '--json', ...args);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { stacks: { id: string; status: string }[] }).stacks.map(
    ({ id, status }) => `${id} ${status}`,
  );
}

/** The project is a folder of a larger repository. */
async function commit(message: string) {
  const git = (...args: string[]) => run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args]);
  if (!existsSync(join(home, '.git'))) await run('git', ['init', '--quiet'], home);
  await git('add', '--all', '.');
  expect(await git('commit', '-qm', message)).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tandem-package-'));
  project = join(home, 'project');
  mkdirSync(project);
  const packed = await run('npm', ['pack', '--pack-destination', home], root);
  expect(packed.code, packed.stderr).toBe(0);
  const [file = ''] = readdirSync(home).filter((name) => name.endsWith('.tgz'));
  const installed = await run('npm', ['install', '--no-audit', '--no-fund', join(home, file)]);
  expect(installed.code, installed.stderr).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the package in a folder of its own', () => {
  it('makes a project that validates and plans', async () => {
    const flags = ['--organisation', 'acme', '--cloud', 'dev', '--environment', 'staging', '--account', '222233334444'];
    expect(await tandem('init', '--non-interactive', ...flags)).toMatchObject({ code: 0, stderr: '' });
    expect(await tandem('validate')).toMatchObject({ code: 0, stdout: 'The configuration is valid.\n' });
    const ids = await idsOf('--base', 'none');
    expect(ids).toEqual(['aws/staging/cluster waiting', 'aws/staging/network changed', 'openstack/dev/base changed']);
    // Node alone was installed: nothing of the package's own development, nothing generated or fetched at its start.
    expect(existsSync(join(project, 'node_modules/tandem/node_modules/typescript'))).toBe(false);
    await commit('A project');
  });

  it("has the user's own stacks in the plan, and against a commit", async () => {
    mkdirSync(join(project, 'stacks/custom'), { recursive: true });
    for (const name of ['mirror.ts', 'reports.ts'])
      writeFileSync(
        join(project, 'stacks/custom', name),
        readFileSync(join(project, 'node_modules/tandem/docs/examples/custom', name)),
      );
    const ids = await idsOf('--base', 'HEAD', '--all');
    expect(ids).toEqual(expect.arrayContaining(['custom/mirror changed', 'custom/reports changed']));
    await commit('Stacks of our own');
    const file = join(project, 'stacks/custom/mirror.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("{ name: 'mirror' })", "{ name: 'packages' })"));
    const after = await idsOf('--base', 'HEAD', '--all');
    expect(after.filter((each) => each.endsWith(' changed'))).toEqual(['custom/mirror changed']);
    await commit('Another name');
  });

  it('is found through a symbolic link, and by its folder', async () => {
    const link = join(home, 'link');
    symlinkSync(project, link);
    const asked = await run('npx', ['tandem', 'plan', '--base', 'HEAD', '--detailed-exitcode'], link);
    expect(asked.code, asked.stderr).toBe(0);
    const outside = await run(join(project, 'node_modules/.bin/tandem'), ['-C', project, 'validate'], home);
    expect(outside).toMatchObject({ code: 0, stdout: 'The configuration is valid.\n' });
  });

  it("works with both CDKs' own command lines", async () => {
    expect((await run('npx', ['cdk', 'synth', '--quiet'])).code).toBe(0);
    const cdktn = await run('npx', ['cdktn', 'synth']);
    expect(cdktn.code, cdktn.stderr + cdktn.stdout).toBe(0);
    expect(existsSync(join(project, 'cdk.out/custom-reports.template.json'))).toBe(true);
    expect(existsSync(join(project, 'cdktf.out/stacks/custom-mirror/cdk.tf.json'))).toBe(true);
    const assets = readFileSync(join(project, 'cdk.out/aws-staging-cluster.assets.json'), 'utf8');
    const [, agent = ''] = /"path": "([^"]*worker-agent\.mjs)"/.exec(assets) ?? [];
    expect(existsSync(join(project, 'cdk.out', agent)), agent).toBe(true);
  });

  it("type-checks the user's own stacks", async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
    const checked = await run('node', [tsc, ...flags, 'stacks/custom/mirror.ts', 'stacks/custom/reports.ts']);
    expect(checked.code, checked.stdout).toBe(0);
  });

  it("installs the version that a commit's lock file names, or says why not", async () => {
    const lock = join(project, 'package-lock.json');
    const text = readFileSync(lock, 'utf8');
    const integrity = /"node_modules\/tandem": \{[^}]*?"integrity": "(sha512-[^"]+)"/.exec(text)?.[1] ?? '';
    writeFileSync(lock, text.replace('"version": "0.1.0"', '"version": "0.0.9"'));
    await commit('Another version');
    writeFileSync(lock, text.replace(integrity, `sha512-${'A'.repeat(86)}==`));
    await commit('A package that was never published');
    writeFileSync(lock, text);
    const other = await tandem('plan', '--base', 'HEAD~1', '--detailed-exitcode');
    expect(other.code, other.stderr).toBe(0);
    expect(other.stderr).toContain('has tandem version 0.0.9, not the installed 0.1.0');
    const never = await tandem('plan', '--base', 'HEAD');
    expect(never.code).toBe(1);
    expect(never.stderr).toContain('has another tandem 0.1.0 than the installed one');
    expect(never.stderr).toContain('error base-code-failed');
  });
});
