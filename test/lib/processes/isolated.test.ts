import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isIsolated, isolated, packageFolders, withoutNetwork } from '../../../lib/processes/isolated.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

/** What code says that runs apart, with a secret in the operator's environment. */
function saidBy(code: string, reads: readonly string[] = []): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'main.mjs'), code);
  const operator = { ...process.env, AWS_SECRET_ACCESS_KEY: 'canary', NODE_OPTIONS: '--title=canary' };
  const { program, args, env } = isolated({ args: [join(folder, 'main.mjs')], reads, writes: [folder] }, operator);
  return execFileSync(program, args, { env, cwd: folder, encoding: 'utf8' }).trim();
}

const attempt = (expression: string) =>
  `import fs from 'node:fs'; import { spawnSync } from 'node:child_process'; import { Worker } from 'node:worker_threads';
   try { await (${expression}); console.log('done'); } catch (error) { console.log(error.code ?? error.cause?.code); }`;

describe('code that runs apart', () => {
  it.each([
    "fs.readFileSync('/etc/passwd')",
    "fs.writeFileSync('/tmp/canary', 'x')",
    "fs.symlinkSync('/etc/passwd', 'link')",
    "spawnSync('id')",
    "new Worker('1', { eval: true })",
    "process.dlopen({ exports: {} }, '/lib/x.node')",
  ])('is refused %s', (expression) => {
    expect(saidBy(attempt(expression))).toMatch(/^ERR_(?:ACCESS_DENIED|DLOPEN_DISABLED)$/);
  });

  it('may read and write what is named', () => {
    const other = temporaryFolder();
    writeFileSync(join(other, 'file'), 'x');
    expect(saidBy(attempt(`fs.readFileSync('${other}/file')`), [other])).toBe('done');
    expect(saidBy(attempt("fs.writeFileSync('file', 'x')"))).toBe('done');
    expect(saidBy(attempt(`fs.writeFileSync('${other}/file', 'y')`), [other])).toBe('ERR_ACCESS_DENIED');
  });

  it("has none of the operator's credentials", () => {
    expect(saidBy('console.log(JSON.stringify(process.env), process.title)')).not.toContain('canary');
  });

  it.runIf(withoutNetwork({ PATH: process.env['PATH'] ?? '' }).length > 0)('has no network', () => {
    expect(saidBy(attempt("fetch('http://192.0.2.1:8080/')"))).toBe('ENETUNREACH');
  });

  it('knows that it is apart', () => {
    const module = join(import.meta.dirname, '../../../lib/processes');
    const code = `import { isIsolated } from '${module}/isolated.ts'; console.log(isIsolated());`;
    expect(saidBy(code, [module, join(module, '../../package.json')])).toBe('true');
    expect(isIsolated()).toBe(false);
  });
});

describe('folders of packages', () => {
  it('are those that modules find, with what is linked into them but no whole project', () => {
    const top = temporaryFolder();
    for (const folder of ['a/b', 'a/node_modules/@scope', 'tool', 'project/.git'])
      mkdirSync(join(top, folder), { recursive: true });
    for (const folder of ['tool', 'project']) writeFileSync(join(top, folder, 'package.json'), '{}');
    symlinkSync('../../../tool', join(top, 'a/node_modules/@scope/tool'));
    symlinkSync('../../project', join(top, 'a/node_modules/project'));
    symlinkSync('/nowhere', join(top, 'a/node_modules/broken'));
    expect(packageFolders(join(top, 'a/b')).filter((path) => path.startsWith(top))).toEqual([
      join(top, 'a/node_modules'),
      join(top, 'tool'),
    ]);
  });
});
