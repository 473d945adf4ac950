import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IConfiguration, ICruiseResult } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;

/** The names of the rules that a tree of `file: imported file` breaks. */
async function broken(imports: Record<string, string>): Promise<string[]> {
  const files: Record<string, string> = {};
  for (const file of Object.values(imports)) files[file] = 'export const x = 1;\n';
  for (const [file, target] of Object.entries(imports)) {
    const up = '../'.repeat(file.split('/').length - 1);
    files[file] = `import { x } from '${up}${target}';\nexport const y = x;\n`;
  }
  return brokenBy(files);
}

/** The names of the rules that these files, by path, break. */
async function brokenBy(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'structure-'));
  try {
    for (const [file, content] of Object.entries(files)) write(root, file, content);
    const { tsConfig: _, ...rest } = options ?? {};
    const ruleSet = { forbidden: forbidden ?? [] };
    const { output } = await cruise(['.'], { ...rest, baseDir: root, ruleSet, validate: true });
    return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function write(root: string, file: string, content: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

describe('the one-way rule', () => {
  it.each([
    ['lib/cli/commands/plan.ts', 'lib/plan/plan.ts'],
    ['lib/deploy/order.ts', 'lib/plan/plan.ts'],
    ['lib/deploy/order.ts', 'lib/state/record.ts'],
    ['lib/dev/create.ts', 'lib/openstack-api/keystone.ts'],
    ['lib/engines/terraform/app.ts', 'lib/openstack/network.ts'],
    ['lib/engines/plugins.ts', 'lib/engines/terraform/plugin.ts'],
    ['lib/deploy/real.ts', 'lib/engines/plugins.ts'],
    ['lib/openstack/network.ts', 'lib/config/schema/cloud.ts'],
    ['lib/config/load.ts', 'lib/net/cidr.ts'],
    ['lab/openstack/up.ts', 'lab/errors.ts'],
    ['lib/actions/lab/up.ts', 'lab/openstack/up.ts'],
    ['test/lib/plan.test.ts', 'lib/cli/main.ts'],
  ])('lets %s import %s', async (from, to) => {
    expect(await broken({ [from]: to })).toEqual([]);
  });

  it.each([
    ['lib/net/cidr.ts', 'lib/config/load.ts', 'only-down-from-configuration'],
    ['lib/config/load.ts', 'lib/openstack/network.ts', 'only-down-from-constructs'],
    ['lib/openstack/network.ts', 'stacks/aws/network-stack.ts', 'only-down-from-planners'],
    ['lib/plan/plan.ts', 'lib/deploy/order.ts', 'only-down-from-operations'],
    ['lib/plan/plan.ts', 'lib/state/record.ts', 'only-down-from-stores'],
    ['lib/private-cloud/quorum.ts', 'lib/openstack-api/keystone.ts', 'only-down-from-clients'],
    ['lib/errors/net.ts', 'lib/net/cidr.ts', 'only-down-from-values'],
    ['lib/deploy/order.ts', 'lib/cli/context.ts', 'only-down-from-cli'],
    ['lab/openstack/up.ts', 'lib/plan/plan.ts', 'lab-stands-alone'],
    ['lib/dev/create.ts', 'lab/openstack/up.ts', 'product-without-lab'],
    ['packages/a/src/x.ts', 'packages/b/src/y.ts', 'packages-stand-alone'],
    ['packages/a/src/x.ts', 'lib/net/cidr.ts', 'packages-stand-alone'],
    ['scripts/run.mjs', 'lib/net/cidr.ts', 'scripts-need-nothing'],
    ['lib/openstack/network.ts', 'lib/config/load.ts', 'environments-only-in-stacks'],
    ['lib/plan/plan.ts', 'test/lib/fake.ts', 'product-without-tests'],
    ['lib/deploy/real.ts', 'lib/engines/terraform/terraform-engine.ts', 'engines-by-their-plug-in'],
    ['lib/deploy/real.ts', 'lib/engines/terraform/plugin.ts', 'plug-ins-only-in-their-list'],
    ['lib/engines/kolla/kolla-engine.ts', 'lib/engines/terraform/binary.ts', 'engines-apart'],
  ])('fails %s importing %s', async (from, to, rule) => {
    expect(await broken({ [from]: to })).toContain(rule);
  });

  it('fails a planner that reads files', async () => {
    const lines = ["import { readFileSync } from 'node:fs';", "export const x = readFileSync('y');"];
    expect(await brokenBy({ 'lib/plan/plan.ts': lines.join('\n') })).toContain('planners-do-no-io');
    expect(await brokenBy({ 'lib/state/store.ts': lines.join('\n') })).toEqual([]);
  });

  it('fails an action that asks or prints by itself', async () => {
    const lines = ["import { confirm } from '@clack/prompts';", 'export const x = confirm;'];
    const installed = { 'node_modules/@clack/prompts/index.js': 'export const confirm = 1;' };
    const manifest = { 'node_modules/@clack/prompts/package.json': '{"name":"@clack/prompts","main":"index.js"}' };
    expect(await brokenBy({ 'lib/actions/plan/plan.ts': lines.join('\n'), ...installed, ...manifest })).toContain(
      'actions-print-nothing',
    );
  });

  it('fails a room that is in no layer', async () => {
    expect(await broken({ 'lib/misc/x.ts': 'lib/errors/y.ts' })).toContain('every-room-has-a-layer');
  });

  it('fails a cycle', async () => {
    expect(await broken({ 'lib/net/a.ts': 'lib/net/b.ts', 'lib/net/b.ts': 'lib/net/a.ts' })).toContain('no-cycle');
  });

  it('tells with every rule where the code belongs', () => {
    expect((forbidden ?? []).filter((rule) => (rule.comment ?? '').length < 40)).toEqual([]);
  });
});
