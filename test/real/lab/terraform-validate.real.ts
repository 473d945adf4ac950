import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';

/** Name a mirror of the provider; `tandem lab up` writes the second. */
const CANDIDATES = [process.env['TF_CLI_CONFIG_FILE'], '/var/lib/tandem-lab/terraform.rc'];
const cliConfig = CANDIDATES.find((file) => file !== undefined && existsSync(file));
const engine = ['terraform', 'tofu'].find((name) => spawnSync(name, ['version']).status === 0);
const reason =
  engine === undefined
    ? 'neither terraform nor tofu is on the PATH'
    : cliConfig === undefined
      ? `no Terraform CLI configuration names a mirror of the provider: ${CANDIDATES.filter(Boolean).join(', ')}`
      : undefined;
if (reason !== undefined) process.stderr.write(`terraform validate is skipped: ${reason}\n`);

const { project } = loadProject(directoryFiles(process.cwd()));
const definitions = project === undefined ? [] : stacksOf(project).filter((each) => each.engine === 'terraform');

describe.skipIf(reason !== undefined)('every Terraform root of the shipped configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-validate-'));
  const texts = new Map<string, string>();
  const run = (...args: string[]) =>
    execFileSync(engine ?? '', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: '1' },
    });

  beforeAll(async () => {
    for (const { id, text } of await synthesize(definitions)) texts.set(id, text);
    // They all need the same provider: one is enough to fetch it.
    writeFileSync(join(folder, 'cdk.tf.json'), [...texts.values()][0] ?? '');
    run('init', '-backend=false', '-input=false', '-no-color');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is there', () => {
    expect(definitions.length).toBeGreaterThan(2);
  });

  it.each(definitions.map(({ id }) => id))('%s is valid', (id) => {
    writeFileSync(join(folder, 'cdk.tf.json'), texts.get(id) ?? '');
    const { valid, diagnostics } = JSON.parse(run('validate', '-json')) as {
      valid: boolean;
      diagnostics: { severity: string; summary: string }[];
    };
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(valid).toBe(true);
  });
});
