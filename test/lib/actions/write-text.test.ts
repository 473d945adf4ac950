import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { requireWritable, writeText } from '../../../lib/actions/write-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-writable-'));
const at = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a file that is written after a long run', () => {
  it('is accepted where it can be written, and is left as it is', () => {
    writeFileSync(at('there.html'), 'old');
    requireWritable(at('there.html'));
    requireWritable(at('new.html'));
    expect([readFileSync(at('there.html'), 'utf8'), existsSync(at('new.html'))]).toEqual(['old', false]);
  });

  it.each(['no/page.html', 'there.html/page.html', 'folder'])('fails before it where it is %s', (name) => {
    writeFileSync(at('there.html'), 'old');
    mkdirSync(at('folder'), { recursive: true });
    expect(() => requireWritable(at(name))).toThrow(expect.objectContaining({ code: 'cannot-write' }) as Error);
  });

  it.skipIf(process.getuid?.() === 0)('fails before it where nobody may write it', () => {
    writeFileSync(at('mine.html'), '');
    chmodSync(at('mine.html'), 0o400);
    expect(() => requireWritable(at('mine.html'))).toThrow(expect.objectContaining({ code: 'cannot-write' }) as Error);
  });
});

describe('a file that is written', () => {
  const old = join(folder, 'old');
  const text = (name: string): string => readFileSync(join(old, name), 'utf8');

  it('is replaced and never cut short: what a kill or a full disk finds is the old one or the new', () => {
    mkdirSync(old);
    writeFileSync(join(old, 'bundle.json'), 'signed');
    chmodSync(join(old, 'bundle.json'), 0o640);
    linkSync(join(old, 'bundle.json'), join(old, 'kept.json'));
    symlinkSync('bundle.json', join(old, 'link.json'));
    writeText(join(old, 'link.json'), 'signed twice');
    expect([text('bundle.json'), text('kept.json'), text('link.json')]).toEqual([
      'signed twice',
      'signed',
      'signed twice',
    ]);
    expect(statSync(join(old, 'bundle.json')).mode & 0o777).toBe(0o640);
    expect(readdirSync(old).sort()).toEqual(['bundle.json', 'kept.json', 'link.json']);
  });

  it('is a pipe where one is named', () => {
    const module = join(import.meta.dirname, '../../../lib/actions/write-text.ts');
    const code = `import { writeText } from ${JSON.stringify(module)}; writeText("/dev/stdout", "through");`;
    const command = `"${process.execPath}" --input-type=module -e '${code}' | cat`;
    const stdout = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stdout).toBe('through');
  });

  it('fails in a folder that is not there, and makes none', () => {
    expect(() => writeText(at('none/page.html'), '')).toThrow(
      expect.objectContaining({ code: 'cannot-write' }) as Error,
    );
    expect(existsSync(at('none'))).toBe(false);
  });
});
