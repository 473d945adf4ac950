import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { moduleFaults } from '../../../lib/engines/check-process.ts';
import { minimal } from '../config/minimal.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function faultsOf(modules: Readonly<Record<string, string>>, patience?: number) {
  const root = mkdtempSync(join(tmpdir(), 'tandem-modules-'));
  folders.push(root);
  for (const [file, text] of Object.entries(modules)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { project } = loadProject(memoryFiles(minimal()));
  if (project === undefined) throw new Error('the minimal configuration does not load');
  return moduleFaults(root, { ...project, root }, patience);
}

const SOUND = 'export const stack = { name: "NAME", engine: "cdk", build() {}, inputs: () => null };\n';
const POLICY = 'export const policy = { id: "NAME", level: "deny", reason: "x", check: () => [] };\n';

describe('modules of the project', () => {
  it('get all of the configuration, what is optional as well', () => {
    const parts = ['clouds', 'environments', 'blueprints', 'leases', 'links', 'prices', 'userData'];
    const inputs = `inputs: (project) => ${JSON.stringify(parts)}.map((part) => project[part].size)`;
    const module = `export const stack = { name: "a", engine: "cdk", build() {}, ${inputs} };\n`;
    expect(faultsOf({ 'stacks/custom/a.ts': module })).toEqual([]);
  });

  it('are told of one by one, with the line that fails', () => {
    const faults = faultsOf({
      'stacks/custom/a-sound.ts': SOUND.replace('NAME', 'a'),
      'stacks/custom/b-syntax.ts': 'export const stack = {\n  name: "b",\n  oops oops\n};\n',
      'stacks/custom/c-throws.ts': 'const x = 1;\n\nthrow new Error("boom");\n',
      'stacks/custom/d-nothing.ts': 'export const other = 1;\n',
      'stacks/custom/e-inputs.ts':
        'export const stack = { name: "e", engine: "cdk", build() {}, inputs(p) {\n  return p.nothing.here;\n} };\n',
      'stacks/custom/f-twin.ts': SOUND.replace('NAME', 'a'),
      'stacks/custom/g-import.ts': 'import x from "no-such-package";\nexport const stack = x;\n',
      'stacks/policies/a-sound.ts': POLICY.replace('NAME', 'a'),
      'stacks/policies/b-twin.ts': POLICY.replace('NAME', 'a'),
      'stacks/policies/c-level.ts': 'export const policies = [{ id: "c", level: "maybe" }];\n',
      'stacks/policies/d-nothing.ts': '\n',
    });
    expect(faults.map(({ file, line, why }) => `${file}:${line ?? ''} ${why}`)).toEqual([
      expect.stringMatching(/^stacks\/custom\/b-syntax\.ts:3 .*oken/),
      'stacks/custom/c-throws.ts:3 boom',
      'stacks/custom/d-nothing.ts: it exports no `stack`',
      expect.stringMatching(/^stacks\/custom\/e-inputs\.ts:2 `inputs` failed: Cannot read/),
      'stacks/custom/f-twin.ts: stacks/custom/a-sound.ts has the name "a" too',
      expect.stringMatching(/^stacks\/custom\/g-import\.ts: Cannot find package 'no-such-package'/),
      'stacks/policies/b-twin.ts: stacks/policies/a-sound.ts has the name "a" too',
      expect.stringMatching(/^stacks\/policies\/c-level\.ts: policy c is none: level: .*"deny"\|"warn"/),
      'stacks/policies/d-nothing.ts: it exports neither `policy` nor a list `policies`',
    ]);
  });

  it('that never end are stopped, and named', () => {
    const modules = { 'stacks/custom/a.ts': SOUND.replace('NAME', 'a'), 'stacks/custom/b.ts': 'for (;;);\n' };
    // Two seconds, which it spins away, are enough to come to the second module, but for a machine that is busy.
    let seconds = 2;
    let faults = faultsOf(modules, seconds * 1000);
    if (faults[0]?.file !== 'stacks/custom/b.ts') faults = faultsOf(modules, (seconds = 30) * 1000);
    expect(faults).toEqual([{ file: 'stacks/custom/b.ts', why: `it did not load within ${seconds} seconds` }]);
  });

  it('that are sound have no faults, nor has a project without any', () => {
    expect(faultsOf({ 'stacks/custom/a.ts': SOUND.replace('NAME', 'a') })).toEqual([]);
    expect(faultsOf({})).toEqual([]);
  });
});
