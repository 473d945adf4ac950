import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { requireWritable } from '../../../lib/actions/write-text.ts';

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
