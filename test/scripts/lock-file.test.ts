import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODE_PACKAGES } from '../../bin/runtime.mjs';
import { root } from '../stacks/folders.ts';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown;
const { packages } = read('package-lock.json') as { packages: Record<string, Entry> };
const { allowScripts, optionalDependencies } = read('package.json') as {
  allowScripts: Record<string, boolean>;
  optionalDependencies: Record<string, string>;
};
const entries = Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));

describe('package-lock.json', () => {
  it('pins a Node 24 for each platform, with its integrity', () => {
    expect(Object.keys(optionalDependencies).sort()).toEqual(Object.values(NODE_PACKAGES).sort());
    for (const [name, version] of Object.entries(optionalDependencies)) {
      expect(version).toMatch(/^24\.\d+\.\d+$/);
      expect(packages[`node_modules/${name}`]).toMatchObject({
        version,
        integrity: expect.stringMatching(/^sha512-/),
        optional: true,
      });
    }
  });

  // npm leaves out what its registry lacks, and `npm ci` then refuses the file: CONTRIBUTING.md says how to put it back.
  it("names every platform's package of those that publish one binary a platform", () => {
    const platform = /(?:android|darwin|freebsd|linux|openharmony|win32)-(?:arm64|arm|x64|ia32|ppc64|riscv64|s390x)/;
    const wanted = Object.values(packages).flatMap((each) => Object.entries(each.optionalDependencies ?? {}));
    const binaries = wanted.filter(([name, version]) => platform.test(name) && /^\d+\.\d+\.\d+/.test(version));
    expect(binaries.length).toBeGreaterThan(20);
    expect(binaries.filter(([name]) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  it('has an integrity for everything but what comes inside another package, and platforms of development tools', () => {
    const bare = entries.filter(([, each]) => each.integrity === undefined && each.link !== true && !each.inBundle);
    expect(bare.filter(([, each]) => !(each.dev && each.optional)).map(([path]) => path)).toEqual([]);
  });

  it('runs no install script', () => {
    const scripted = entries.filter(([, each]) => each.hasInstallScript).map(([path]) => path.slice(13));
    expect(scripted.filter((name) => allowScripts[name] !== false)).toEqual([]);
  });
});
