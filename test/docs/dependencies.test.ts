import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dependencyFiles, type Manifest, packageTables, programTable } from '../../scripts/docs/dependencies.ts';

const root = join(import.meta.dirname, '../..');

describe('the page of dependencies', () => {
  const one = new Map<string, Manifest>([['package.json', { dependencies: { zod: '4.6.7' } }]]);

  it.each([...dependencyFiles(root)])('%s is up to date (else: npm run docs)', (file, text) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });

  it('has a row a package, with version and reason', () => {
    expect(packageTables(one, { zod: 'schemas' })).toContain('| `zod` | 4.6.7 | schemas |\n');
  });

  it('fails for a package without a reason', () => {
    expect(() => packageTables(one, {})).toThrow('zod of package.json has no reason');
  });

  it('fails for a reason without a package', () => {
    expect(() => packageTables(one, { zod: 'schemas', left: 'pads' })).toThrow(
      'left has a reason, and no package.json names it',
    );
  });

  it('fails where two manifests pin two versions', () => {
    const two = new Map<string, Manifest>([...one, ['packages/a/package.json', { devDependencies: { zod: '3.0.0' } }]]);
    expect(() => packageTables(two, { zod: 'schemas' })).toThrow('zod has two versions');
  });

  it('fails for a program whose version is not where it is said to be', () => {
    const program = { name: 'tofu', path: 'go.mod', version: /tofu v(\S+)/, reason: 'plans' };
    expect(programTable([program], () => 'tofu v1.2.3\n')).toContain('| tofu | 1.2.3 | `go.mod` | plans |');
    expect(() => programTable([program], () => '')).toThrow('go.mod says no version of tofu');
  });
});
