import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { formatProblem } from '../../../lib/config/diagnostic.ts';
import { type ConfigFiles, directoryFiles, fileError, memoryFiles } from '../../../lib/config/files.ts';
import { growth, LINEAR } from '../../growth.ts';
import { minimal, TODAY } from './minimal.ts';

const FILE = 'config/dev/alice.yaml';

function problemsOf(files: ConfigFiles): string[] {
  return loadAndCheck(files, TODAY).problems.map(formatProblem);
}

const withContent = (content: string | Uint8Array) => problemsOf(memoryFiles({ ...minimal(), [FILE]: content }));

describe('bytes', () => {
  it('fails at the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('blueprint: app\nowner: '),
      Buffer.from([0xe9]),
      Buffer.from('@example.org\n'),
    ]);
    expect(withContent(bytes)).toEqual([`${FILE}:2:8: it has bytes that are not UTF-8; save the file as UTF-8 text`]);
  });

  it('fails for UTF-16', () => {
    expect(withContent(Buffer.from('\uFEFFblueprint: app\n', 'utf16le'))).toEqual([
      `${FILE}:1:1: it is UTF-16; save it as UTF-8 text`,
    ]);
  });

  it('reads past a byte order mark, and lines that end as on Windows', () => {
    const text = minimal()[FILE] ?? '';
    expect(withContent(`\uFEFF${text}`)).toEqual([]);
    expect(withContent(text.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(withContent(text.replace('app', 'ap').replaceAll('\n', '\r\n'))).toEqual([
      `${FILE}:1:12 blueprint: got "ap"; there is no such blueprint; write app`,
    ]);
  });

  it('keeps a day a text, quoted or not', () => {
    expect(withContent((minimal()[FILE] ?? '').replace('2026-12-09', '"2026-12-09"'))).toEqual([]);
  });
});

describe('size and depth', () => {
  it.each([
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((each, index) => `${each}: &${each} [${`*${'abcdefghi'.charAt(index)},`.repeat(9)}]\n`)
        .join('')}`,
      'aliases hide',
    ],
    ['20,000 brackets', `a: ${'['.repeat(20_000)}`, 'levels of nesting'],
    ['20,000 dashes', `a:\n  ${'- '.repeat(20_000)}x`, 'levels of nesting'],
    ['20,000 question marks', `${'? '.repeat(20_000)}x`, 'levels of nesting'],
    [
      '500 indentations',
      Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'levels of nesting',
    ],
  ])('fails for %s', (_name, content, what) => {
    const problems = withContent(content);
    expect(problems[0]).toContain(what);
    expect(problems[0]).toContain(`${FILE}:`);
  });

  it('fails for a file above 1 MiB', () => {
    const [problem] = withContent('#'.repeat(10 * 1024 * 1024));
    expect(problem).toBe(
      `${FILE}:1:1: got 10.0 MiB; a configuration file has at most 1 MiB; split it, or move data out of it`,
    );
  });

  // The parser's own search for duplicate keys is quadratic: of a megabyte of keys it took 30 s instead of 2 s.
  it('takes no quadratic time for keys', () => {
    let runs = 0;
    const read = (count: number) => {
      const keys = Array.from({ length: count }, (_, index) => `key-${index}: 1\n`).join('');
      // What was parsed last is not parsed again: each run has a text of its own.
      return () => expect(withContent(`# ${(runs += 1)}\n${keys}`).length).toBeGreaterThan(count);
    };
    expect(growth(read, 20_000)).toBeLessThan(LINEAR);
  });
});

describe('files', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** The minimal configuration on disk, without the file that the test puts there. */
  const onDisk = () => {
    root = mkdtempSync(join(tmpdir(), 'tandem-hostile-'));
    for (const [file, content] of Object.entries(minimal())) {
      if (file === FILE) continue;
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    return join(root, FILE);
  };

  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'it is a folder, not a file; make it a regular file, or remove it'],
    [
      'a pipe',
      (path: string) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]),
      'it is not a regular file; make it a regular file, or remove it',
    ],
    [
      'a link to nowhere',
      (path: string) => symlinkSync('nowhere', path),
      'it is a broken symbolic link; make it a regular file, or remove it',
    ],
    [
      'a link to itself',
      (path: string) => symlinkSync('alice.yaml', path),
      'it is a loop of symbolic links; make it a regular file, or remove it',
    ],
    [
      'a link out of the project',
      (path: string) => symlinkSync('/etc/hostname', path),
      'it is a symbolic link to outside the project; copy the file into the project',
    ],
  ])('fails for %s', (_name, make, what) => {
    make(onDisk());
    expect(problemsOf(directoryFiles(root))).toEqual([`${FILE}:1:1: it cannot be read: ${what}`]);
  });

  it.each([
    [
      'out of the project',
      tmpdir(),
      'config/dev/team:1:1: nothing reads it, and it cannot be looked at: it is a symbolic link to outside the project; remove it, or copy what it leads to into the project',
    ],
    [
      'to nowhere',
      'nowhere',
      'config/dev/team:1:1: nothing reads it, and it cannot be looked at: it is a broken symbolic link; remove it, or copy what it leads to into the project',
    ],
    ['to the folder around it', '..', 'config/dev/team:1:1: it is a folder inside itself; remove the link'],
  ])('fails for a folder of leases that is a link %s', (_name, target, what) => {
    writeFileSync(onDisk(), minimal()[FILE] ?? '');
    symlinkSync(target, join(root, 'config/dev/team'));
    expect(problemsOf(directoryFiles(root))).toEqual([what]);
  });

  it('leaves files alone that are for people, tools and other programs', () => {
    const files = { ...minimal(), 'config/README.md': 'x: 1', 'config/dev/README': 'x', 'config/dev/.gitkeep': '' };
    const others = {
      'config/scripts/web.sh': 'x',
      'config/.sops.yaml': 'creation_rules: []',
      'config/grafana/a.json': '{}',
    };
    expect(problemsOf(memoryFiles({ ...files, ...others }))).toEqual([]);
  });

  it('does not read 8 GiB to refuse them', () => {
    const path = onDisk();
    writeFileSync(path, '');
    truncateSync(path, 8 * 1024 ** 3);
    expect(problemsOf(directoryFiles(root))).toEqual([
      `${FILE}:1:1: got 8192.0 MiB; a configuration file has at most 1 MiB; split it, or move data out of it`,
    ]);
  });

  it('fails for a folder that is a file', () => {
    onDisk();
    rmSync(join(root, 'config/dev'), { recursive: true });
    writeFileSync(join(root, 'config/dev'), '');
    expect(problemsOf(directoryFiles(root))).toEqual([
      'config/dev:1:1: it cannot be listed: it is not a folder; make it a readable folder',
    ]);
  });

  it('fails for a file that may not be read', () => {
    const files = memoryFiles(minimal());
    const read = (file: string) => {
      if (file === FILE) throw fileError('EACCES');
      return files.read(file);
    };
    expect(problemsOf({ ...files, read })).toEqual([
      `${FILE}:1:1: it cannot be read: permission denied; make it readable`,
    ]);
  });

  it('leaves editors their own files', () => {
    writeFileSync(onDisk(), minimal()[FILE] ?? '');
    for (const own of ['.alice.yaml.swp', '.#alice.yaml', 'alice.yaml~', '#alice.yaml#'])
      writeFileSync(join(root, 'config/dev', own), '\0');
    expect(problemsOf(directoryFiles(root))).toEqual([]);
  });

  it('says that there is no configuration at all, once', () => {
    expect(problemsOf(memoryFiles({ 'README.md': '' }))).toEqual([
      'config/tandem.yaml:1:1: there is no such file; run in the root of a Tandem project, or create one with `tandem init`',
    ]);
  });
});
