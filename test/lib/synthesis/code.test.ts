import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODE_PATHS, CODE_ROOT, projectCodeHash } from '../../../lib/synthesis/code.ts';

/** Files that synthesis runs, from the builders of all engines on. */
function reached(): Set<string> {
  const apps = globSync('lib/engines/*/app.ts', { cwd: CODE_ROOT });
  expect(apps.length).toBeGreaterThan(2);
  const queue = ['lib/synthesis/worker.ts', 'lib/engines/build-custom.ts', 'lib/engines/custom-main.ts', ...apps];
  const seen = new Set<string>();
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    // How the process for users' code is started makes no artefact; what runs in it is in the queue.
    if (/\/(?:custom-process|apart)\.ts$/.test(file)) continue;
    // What is read of an artefact makes none.
    if (file.endsWith('/exchange.ts')) continue;
    const text = readFileSync(join(CODE_ROOT, file), 'utf8');
    queue.push(...importsOf(file).filter((target) => target.endsWith('.ts')));
    // What a plug-in imports later is its app, or is for planning and deploying.
    if (file.endsWith('/plugin.ts')) continue;
    for (const [, target = ''] of text.matchAll(/import\('(\.[^']+)'\)/g))
      queue.push(relative(CODE_ROOT, join(CODE_ROOT, dirname(file), target)));
  }
  return seen;
}

/** What a file imports as it is loaded, types apart: packages by their name, files relative to the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(CODE_ROOT, file), 'utf8');
  return [...text.matchAll(/(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'/g)].flatMap(
    ([, isType, target = '']) => {
      if (isType !== undefined) return [];
      return [target.startsWith('.') ? relative(CODE_ROOT, join(CODE_ROOT, dirname(file), target)) : target];
    },
  );
}

describe('the code that the cache is keyed by', () => {
  it('is all that synthesis runs', () => {
    const files = [...reached()];
    expect(files.length).toBeGreaterThan(20);
    const outside = files.filter(
      (file) =>
        !file.startsWith('lib/processes/') && !CODE_PATHS.some((path) => file === path || file.startsWith(`${path}/`)),
    );
    expect(outside).toEqual([]);
  });

  it('names only what is there', () => {
    const top = new Set(readdirSync(CODE_ROOT));
    expect(top.has('stacks') && top.has('packages') && top.has('package-lock.json')).toBe(true);
  });
});

describe('what makes artefacts', () => {
  it.each(['lib/engines/plugins.ts', 'lib/engines/cloudformation/project-access.ts', 'lib/simulate/policy/tandem.ts'])(
    'takes long to load, and is not by %s, which most commands need',
    (entry) => {
      const seen = new Set([entry]);
      for (const file of seen) if (file.endsWith('.ts')) for (const target of importsOf(file)) seen.add(target);
      expect(seen.size).toBeGreaterThan(5);
      expect(
        [...seen].filter((each) =>
          /^(?:cdktf|aws-cdk-lib|constructs|@cdktf\/provider-openstack\/lib)(?:\/|$)/.test(each),
        ),
      ).toEqual([]);
    },
  );
});

describe('the code of a project', () => {
  it('is its own: a link counts as what it says, since one to a device or to all of a disk has no end', () => {
    const roots = ['one', 'two'].map((outside) => {
      const root = mkdtempSync(join(tmpdir(), 'tandem-code-'));
      mkdirSync(join(root, 'stacks/custom'), { recursive: true });
      writeFileSync(join(root, 'stacks/custom/own.ts'), 'export {};');
      writeFileSync(join(root, 'outside.ts'), outside);
      symlinkSync('../../outside.ts', join(root, 'stacks/custom/linked.ts'));
      return root;
    });
    const [one, two] = roots.map(projectCodeHash);
    expect(one).toBe(two);
    for (const root of roots) rmSync(root, { recursive: true });
  });
});
