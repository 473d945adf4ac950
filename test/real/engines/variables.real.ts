import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { terraformEngine } from '../../../lib/engines/terraform/terraform-engine.ts';
import { stack } from '../../lib/engines/terraform/with-variables.ts';

const programs = ['terraform', 'tofu'].filter((each) => spawnSync(each, ['version']).status === 0);

describe.each(programs)('%s', (binary) => {
  test('takes values of other stacks, compares with them, and is removed without them', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-variables-'));
    try {
      const engine = terraformEngine({
        ...{ root, binary, environment: { ...process.env, XDG_RUNTIME_DIR: root } },
        access: async () => ({ cloudsFile: undefined, cliConfigFile: undefined, secrets: {} }),
      });
      const options = { signal: new AbortController().signal, parallelism: 1 };
      const apply = async (given: typeof stack, destroy: boolean) => {
        const frozen = await engine.plan(given, { ...options, destroy, adopt: false });
        const events: unknown[] = [];
        for await (const event of engine.apply(frozen, options)) events.push(event);
        return frozen.plan.changes.map(({ action, address }) => `${action} ${address}`);
      };
      const known = { ...stack, given: { tunnel_11: '198.51.100.7' } };
      await expect(apply(stack, false)).rejects.toThrow('tunnel_11');
      expect(await apply(known, false)).toContain('create terraform_data.gateway');
      expect(await engine.outputs(stack, options)).toMatchObject({ tunnel: { value: '198.51.100.7 small' } });
      expect((await engine.drift(known, options)).drift).toEqual([]);
      expect(await apply(stack, true)).toContain('delete terraform_data.gateway');
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
