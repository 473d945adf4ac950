import { expect, it } from 'vitest';
import type { ConfigFiles } from '../../../lib/config/files.ts';

/** What the contract is about; adapters that know symbolic links have some as well. */
export const CONTENT: Readonly<Record<string, string>> = {
  'config/tandem.yaml': 'organisation: acme\n',
  'config/dev/alice.yaml': 'blueprint: app\n',
  'config/dev/bruno.yaml': 'größe: 1\n',
  'config/dev/empty.yaml': '',
  'config/dev/folder.yaml/README.md': 'a folder\n',
  'config/dev/large.yaml': 'x'.repeat(2000),
  'shared/carol.yaml': 'blueprint: shared\n',
};

/** From where to what; the paths of targets are relative to the link. */
export const LINKS: Readonly<Record<string, string>> = {
  'config/dev/carol.yaml': '../../shared/carol.yaml',
  'config/dev/dangling.yaml': 'nowhere.yaml',
  'config/dev/loop.yaml': 'loop.yaml',
  'config/dev/outside.yaml': '../../../outside.yaml',
  'config/prices': '../shared',
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

/** What every adapter of `ConfigFiles` does. `files` holds CONTENT, and LINKS where `hasLinks`. */
export function behavesAsConfigFiles(files: () => ConfigFiles, hasLinks: boolean): void {
  it('lists files and folders directly in a folder, sorted', () => {
    const own = ['alice.yaml', 'bruno.yaml', 'empty.yaml', 'folder.yaml', 'large.yaml'];
    const links = hasLinks ? ['carol.yaml', 'dangling.yaml', 'loop.yaml', 'outside.yaml'] : [];
    expect(files().list('config/dev')).toEqual([...own, ...links].sort());
  });

  it('lists nothing where there is no folder', () => {
    expect(files().list('config/blueprints')).toEqual([]);
    expect(files().list('nowhere/at/all')).toEqual([]);
  });

  it('fails to list a file', () => {
    expect(codeOf(() => files().list('config/tandem.yaml'))).toBe('ENOTDIR');
  });

  it('reads bytes as they are', () => {
    expect(text(files().read('config/dev/bruno.yaml'))).toBe('größe: 1\n');
    expect(files().read('config/dev/empty.yaml')).toHaveLength(0);
  });

  it('reads a file of exactly the allowed size', () => {
    expect(files().read('config/dev/large.yaml', 2000)).toHaveLength(2000);
  });

  it('fails for a larger file without reading it', () => {
    expect(codeOf(() => files().read('config/dev/large.yaml', 1999))).toBe('EFBIG');
  });

  it('fails for a file that is not there', () => {
    expect(codeOf(() => files().read('config/dev/dora.yaml'))).toBe('ENOENT');
  });

  it('fails for a folder', () => {
    expect(codeOf(() => files().read('config/dev/folder.yaml'))).toBe('EISDIR');
  });

  if (!hasLinks) return;

  it('follows links inside the project', () => {
    expect(text(files().read('config/dev/carol.yaml'))).toBe('blueprint: shared\n');
    expect(files().list('config/prices')).toEqual(['carol.yaml']);
    expect(text(files().read('config/prices/carol.yaml'))).toBe('blueprint: shared\n');
  });

  it.each([
    ['dangling', 'EDANGLING'],
    ['loop', 'ELOOP'],
    ['outside', 'EOUTSIDE'],
  ])('fails for a link that is %s', (name, code) => {
    expect(codeOf(() => files().read(`config/dev/${name}.yaml`))).toBe(code);
  });
}
