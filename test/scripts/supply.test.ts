import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../stacks/folders.ts';

interface Entry {
  readonly license?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
}
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Entry>;
};
const entries = Object.entries(packages).filter(
  ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
);

/** Licences under which packages may be used and passed on with this one; MPL-2.0 for packages that stay as they are. */
const LICENCES = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'MPL-2.0'],
  'Unlicense',
]);

/** Whether one of what a package offers is in the list: `(MIT OR GPL-3.0-or-later)`. */
function isListed(licence: string): boolean {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((each) => LICENCES.has(each));
}

/** As the lock file says; where it does not, as the installed package does. */
function licenceOf(path: string, { license }: Entry): string | undefined {
  const file = join(root, path, 'package.json');
  if (license !== undefined || !existsSync(file)) return license;
  interface Manifest {
    readonly license?: string;
    /** As packages of long ago say it. */
    readonly licenses?: readonly { readonly type: string }[];
  }
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return manifest.license ?? manifest.licenses?.[0]?.type;
}

describe('every package', () => {
  it('has a licence of the list', () => {
    const others = entries.filter(([path, entry]) => {
      const licence = licenceOf(path, entry);
      // A platform's half of a tool is not installed elsewhere, and has the licence of the tool.
      return licence === undefined ? entry.optional !== true : !isListed(licence);
    });
    expect(others.map(([path, entry]) => `${path}: ${licenceOf(path, entry) ?? 'none'}`)).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['GPL-3.0', false],
    ['SEE LICENSE IN LICENSE', false],
  ])('judges %s', (licence, verdict) => {
    expect(isListed(licence)).toBe(verdict);
  });

  it('comes from a registry, not from git or a plain address', () => {
    const elsewhere = entries.filter(
      ([, { resolved }]) => resolved !== undefined && !/^https:\/\/.*\/-\/.*\.tgz$/.test(resolved),
    );
    expect(elsewhere.map(([path, { resolved }]) => `${path}: ${resolved ?? ''}`)).toEqual([]);
  });
});
