/** Terraform itself reads hostile text of the configuration as text, and as `test/properties/readers.ts` says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { synthesizeInProcess } from '../../../lib/synthesis/in-process.ts';
import { filledWith } from '../../properties/filled.ts';
import { HOSTILE_TEXTS } from '../../properties/payloads.ts';
import { readTerraform, textsIn } from '../../properties/readers.ts';

const engine = ['terraform', 'tofu'].find((name) => spawnSync(name, ['version']).status === 0);

describe.skipIf(engine === undefined)('every text of a root', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-text-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(HOSTILE_TEXTS))('is text where the configuration holds %s', async (_name, text) => {
    const wanted = ['openstack/paris/base', 'openstack/paris/dev/anna'];
    const definitions = stacksOf(filledWith(text)).filter(({ id }) => wanted.includes(id));
    const made = await synthesizeInProcess(definitions);
    const texts = [...made.values()].flatMap((each) => {
      const { terraform: _, ...root } = JSON.parse(each.text) as Record<string, unknown>;
      return textsIn(root);
    });
    // References to resources need the provider; all other text is evaluated.
    const plain = [...new Set(texts)].filter((each) => readTerraform(each).expressions.length === 0);
    expect(plain.filter((each) => readTerraform(each).text.includes(text)).length).toBeGreaterThan(0);
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ locals: { texts: plain } }));
    const printed = execFileSync(engine ?? '', ['console'], {
      cwd: folder,
      encoding: 'utf8',
      input: 'base64encode(jsonencode(local.texts))\n',
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', NO_COLOR: '1' },
    });
    const read: unknown = JSON.parse(Buffer.from(printed.trim().replaceAll('"', ''), 'base64').toString());
    expect(read).toEqual(plain.map((each) => readTerraform(each).text));
  });
});
