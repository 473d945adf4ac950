import {
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authenticate, machineKey } from '../../../lib/fs/machine-key.ts';
import { makeOwnFolder, openNoFollow, requireNoLinks, requireOwnFolder } from '../../../lib/fs/trusted.ts';
import { userFolder } from '../../../lib/fs/user-folders.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

describe('a folder that is believed', () => {
  it('is made for its owner alone, or is not there', () => {
    const folder = join(temporaryFolder(), 'a/b');
    expect(() => requireOwnFolder(folder)).not.toThrow();
    makeOwnFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.each([
    [0o775, 'can be written by others (mode 0775)'],
    [0o757, 'can be written by others (mode 0757)'],
  ])('fails with mode %o', (mode, reason) => {
    const folder = temporaryFolder();
    chmodSync(folder, mode);
    expect(() => requireOwnFolder(folder)).toThrow(reason);
  });

  it.runIf(process.getuid?.() === 0)('fails for the folder of another user', () => {
    const folder = temporaryFolder();
    chownSync(folder, 12345, 12345);
    expect(() => requireOwnFolder(folder)).toThrow('belongs to user 12345, and this is user 0');
  });

  it('fails for links and files', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    writeFileSync(join(folder, 'file'), '');
    expect(() => requireOwnFolder(join(folder, 'link'))).toThrow('is a symbolic link');
    expect(() => requireOwnFolder(join(folder, 'file'))).toThrow('is no folder');
  });
});

describe('links', () => {
  it('are found in any part of a path below the root, and nowhere above it', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'root/a'), { recursive: true });
    symlinkSync('root', join(folder, 'way'));
    symlinkSync('/etc', join(folder, 'root/a/out'));
    const root = join(folder, 'way');
    expect(() => requireNoLinks(root, join(root, 'a/new/file'))).not.toThrow();
    expect(() => requireNoLinks(root, join(root, 'a/out/passwd'))).toThrow(`${join(root, 'a/out')} is a symbolic link`);
  });

  it('are not opened', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'target'), 'x');
    symlinkSync('target', join(folder, 'link'));
    expect(() => openNoFollow(join(folder, 'link'), constants.O_RDONLY)).toThrow('is a symbolic link');
    expect(openNoFollow(join(folder, 'target'), constants.O_RDONLY)).toBeGreaterThan(0);
  });
});

describe('the key of this user on this machine', () => {
  it('is made once, private, and differs from user to user', () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const key = machineKey({ HOME: one });
    const file = join(one, '.local/state/tandem/machine.key');
    expect(key).toHaveLength(32);
    expect(readFileSync(file)).toEqual(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(machineKey({ XDG_STATE_HOME: other })).not.toEqual(key);
    expect(readFileSync(join(other, 'tandem/machine.key'))).toHaveLength(32);
  });

  it('is no file that others could read, that is cut short, or a link', () => {
    const spoil = {
      open: (file: string) => chmodSync(file, 0o644),
      short: (file: string) => writeFileSync(file, 'short'),
    };
    for (const [name, how] of Object.entries(spoil)) {
      const home = temporaryFolder();
      const file = join(home, 'tandem/machine.key');
      makeOwnFolder(join(home, 'tandem'));
      writeFileSync(file, Buffer.alloc(32, 7), { mode: 0o600 });
      how(file);
      const key = machineKey({ XDG_STATE_HOME: home });
      expect(key, name).toHaveLength(32);
      expect(key?.equals(Buffer.alloc(32, 7)), name).toBe(false);
    }
  });

  it('is none without HOME, and in a folder of others', () => {
    expect(machineKey({})).toBeUndefined();
    expect(userFolder('state', { XDG_STATE_HOME: 'relative' })).toBeUndefined();
    const shared = temporaryFolder();
    mkdirSync(join(shared, 'tandem'));
    chmodSync(join(shared, 'tandem'), 0o777);
    expect(machineKey({ XDG_STATE_HOME: shared })).toBeUndefined();
  });

  it('tells parts apart by where they are cut', () => {
    const key = Buffer.alloc(32);
    expect(authenticate(key, ['ab', 'c'])).not.toBe(authenticate(key, ['a', 'bc']));
  });
});
