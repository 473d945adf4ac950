import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { writeArtefacts } from '../../../lib/synthesis/write.ts';
import { filesBelow, root, temporaryFolder } from '../../stacks/folders.ts';

const node = join(root, 'node_modules/.bin/node');
/** These start whole CLIs, on machines that may do other things as well. */

/** What `tandem synth` writes. */
async function tandemSynth(): Promise<string> {
  const folder = temporaryFolder();
  const { project } = loadAndCheck(directoryFiles(root), new Date());
  await writeArtefacts(project!, folder, []);
  return folder;
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  return { code: result.status, stderr: result.stderr };
}

describe('npx cdk synth', () => {
  test('writes every file that tandem synth writes, byte for byte', async () => {
    const output = join(temporaryFolder(), 'cdk.out');
    const { code, stderr } = run('npx', ['cdk', 'synth', '--quiet', '--output', output], root);
    expect(code, stderr).toBe(0);
    expect(filesBelow(output)).toEqual(filesBelow(join(await tandemSynth(), 'cdk.out')));
  });

  test("is not swayed by a user's own flags, time zone or language", async () => {
    const home = temporaryFolder();
    const flags = { '@aws-cdk/core:enablePartitionLiterals': false, '@aws-cdk/aws-iam:minimizePolicies': false };
    writeFileSync(join(home, '.cdk.json'), JSON.stringify({ context: flags, versionReporting: true }));
    const output = join(temporaryFolder(), 'cdk.out');
    const env = { HOME: home, TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8' };
    const { code, stderr } = run('npx', ['cdk', 'synth', '--quiet', '--output', output], root, env);
    expect(code, stderr).toBe(0);
    expect(filesBelow(output)).toEqual(filesBelow(join(await tandemSynth(), 'cdk.out')));
  });
});

describe('npx cdktn synth', () => {
  test('writes every file that tandem synth writes, byte for byte', async () => {
    const output = join(temporaryFolder(), 'cdktf.out');
    const env = { CHECKPOINT_DISABLE: '1', TZ: 'Pacific/Auckland' };
    const { code, stderr } = run('npx', ['cdktn', 'synth', '--output', output], root, env);
    expect(code, stderr).toBe(0);
    expect(filesBelow(output)).toEqual(filesBelow(join(await tandemSynth(), 'cdktf.out')));
  });
});

describe.each([
  { main: 'stacks/aws/main.ts', variable: 'CDK_OUTDIR', folder: 'cdk.out' },
  { main: 'stacks/openstack/main.ts', variable: 'CDKTF_OUTDIR', folder: 'cdktf.out' },
])('$main', ({ main, variable, folder }) => {
  test('gives the same bytes in another folder', async () => {
    const elsewhere = temporaryFolder();
    cpSync(join(root, 'config'), join(elsewhere, 'config'), { recursive: true });
    const output = join(elsewhere, folder);
    const { code, stderr } = run(node, [join(root, main)], elsewhere, { [variable]: output });
    expect(code, stderr).toBe(0);
    expect(filesBelow(output)).toEqual(filesBelow(join(await tandemSynth(), folder)));
  });

  test('fails on broken configuration with the place of each problem, and without a stack trace', () => {
    const elsewhere = temporaryFolder();
    cpSync(join(root, 'config'), join(elsewhere, 'config'), { recursive: true });
    writeFileSync(join(elsewhere, 'config/environments/staging.yaml'), 'extends: base\nawz: {}\n');
    const { code, stderr } = run(node, [join(root, main)], elsewhere, { [variable]: join(elsewhere, folder) });
    expect(code).toBe(1);
    expect(stderr).toContain('config/environments/staging.yaml:2:1 awz');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
