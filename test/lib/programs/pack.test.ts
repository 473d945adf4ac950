import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packProgram } from '../../../lib/programs/pack.ts';
import { requireArchive } from '../../../lib/programs/require.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-program-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, names: readonly string[] = ['run', 'lib/b.js', 'lib/a.js', '@odd', '.hidden']): void {
  for (const name of names) {
    mkdirSync(join(root, path, name, '..'), { recursive: true });
    writeFileSync(join(root, path, name), `content of ${name}\n`);
  }
  chmodSync(join(root, path, names[0]!), 0o755);
}

const listed = (file: string) =>
  execFileSync('tar', ['-tvf', file], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });

describe('an archive', () => {
  it('has the same bytes whatever the order, times, owners’ modes and second names of its files', () => {
    program('first');
    program('second', ['run', '.hidden', '@odd', 'lib/a.js', 'lib/b.js']);
    chmodSync(join(root, 'second/run'), 0o700);
    chmodSync(join(root, 'second/lib/a.js'), 0o600);
    utimesSync(join(root, 'second/run'), 1, 1);
    rmSync(join(root, 'second/lib/b.js'));
    writeFileSync(join(root, 'other'), 'content of lib/b.js\n');
    linkSync(join(root, 'other'), join(root, 'second/lib/b.js'));
    mkdirSync(join(root, 'second/.git'));
    writeFileSync(join(root, 'second/.git/config'), 'x');
    const [first, second] = [packProgram(root, 'first'), packProgram(root, 'second')];
    expect(second).toEqual(first);
    expect(first.files).toBe(5);
    // Pinned: another machine, and the next release, give these bytes as well.
    expect(first.sha256).toBe('15cde7c079877b4f8471eb934f96f3b996d85f185c7f8641c1d40210da13044a');
  });

  it('is what tar unpacks: names, contents and executable bits', () => {
    program('p');
    symlinkSync('../run', join(root, 'p/lib/link'));
    const { file } = packProgram(root, 'p');
    const out = join(root, 'out');
    mkdirSync(out);
    execFileSync('tar', ['-xf', file, '-C', out]);
    expect(readFileSync(join(out, 'lib/link'), 'utf8')).toBe('content of run\n');
    expect(readFileSync(join(out, '@odd'), 'utf8')).toBe('content of @odd\n');
    expect([statSync(join(out, 'run')).mode & 0o111, statSync(join(out, 'lib/a.js')).mode & 0o111]).toEqual([0o111, 0]);
    expect(listed(file)).toMatch(/^-rwxr-xr-x 0\/0 +15 1970-01-01 00:00 \.\/run$/m);
  });

  it('has another digest with other content, name or executable bit', () => {
    program('p');
    const digests = [packProgram(root, 'p').sha256];
    chmodSync(join(root, 'p/lib/a.js'), 0o755);
    digests.push(packProgram(root, 'p').sha256);
    writeFileSync(join(root, 'p/lib/a.js'), 'other');
    digests.push(packProgram(root, 'p').sha256);
    writeFileSync(join(root, 'p/more'), '');
    digests.push(packProgram(root, 'p').sha256);
    expect(new Set(digests).size).toBe(4);
  });
});

describe('fails', () => {
  it('where there is no folder, or nothing in it', () => {
    expect(() => packProgram(root, 'nothing')).toThrow(expect.objectContaining({ code: 'no-program' }));
    mkdirSync(join(root, 'empty/inner'), { recursive: true });
    expect(() => packProgram(root, 'empty')).toThrow(expect.objectContaining({ code: 'empty-program' }));
  });

  it.each([['/etc/passwd'], ['../../secret'], ['..']])('on a link out of it: %s', (target) => {
    program('p');
    symlinkSync(target, join(root, 'p/lib/link'));
    if (target === '..') expect(packProgram(root, 'p').files).toBe(6);
    else expect(() => packProgram(root, 'p')).toThrow(`p/lib/link is a link out of the folder, to ${target}`);
  });

  it('where the files are not those of the version', () => {
    program('p');
    const { sha256 } = packProgram(root, 'p');
    rmSync(join(root, '.tandem'), { recursive: true });
    const reference = { path: 'p', version: '1.2.0', sha256 };
    expect(requireArchive(root, reference)).toBe(join(root, `.tandem/programs/${sha256}.tar`));
    writeFileSync(join(root, 'p/run'), 'changed');
    // It was packed when it was what the version says.
    expect(requireArchive(root, reference)).toBe(join(root, `.tandem/programs/${sha256}.tar`));
    rmSync(join(root, '.tandem'), { recursive: true });
    expect(() => requireArchive(root, reference)).toThrow(expect.objectContaining({ code: 'program-differs' }));
  });
});
