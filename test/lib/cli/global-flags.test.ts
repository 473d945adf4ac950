import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../lib/cli/app.ts';
import { findRoot } from '../../../lib/cli/context.ts';
import { placeGlobalFlags, projectFolder } from '../../../lib/cli/global-flags.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from './in-process.ts';

describe('global flags', () => {
  it.each([
    ['--json plan', 'plan --json'],
    ['-C dir plan prod', 'plan -C dir prod'],
    ['--project=dir --no-color validate', 'validate --project=dir --no-color'],
    ['--parallelism 2 diff prod --verbose', 'diff --parallelism 2 prod --verbose'],
    ['env --json list --cloud lab', 'env list --json --cloud lab'],
    ['plan --json prod', 'plan --json prod'],
  ])('of `%s` stand behind the verb', (given, placed) => {
    expect(placeGlobalFlags(given.split(' '), routes).join(' ')).toBe(placed);
  });

  it.each([
    ['--no-color', ''],
    ['--json env', 'env'],
    ['--json plna', 'plna'],
    ['-C dir --help', '--help'],
  ])('of `%s` are dropped where there is no verb', (given, placed) => {
    expect(placeGlobalFlags(given.split(' '), routes).join(' ')).toBe(placed);
  });

  it('name the project wherever they stand', () => {
    expect(projectFolder(['-C', 'a', 'plan'])).toBe('a');
    expect(projectFolder(['plan', '--project=b'])).toBe('b');
    expect(projectFolder(['plan', '--project'])).toBeUndefined();
    expect(projectFolder(['plan', 'prod'])).toBeUndefined();
  });
});

describe('the project', () => {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-root-')));
    mkdirSync(join(folder, 'mono/infra/config/dev'), { recursive: true });
    writeFileSync(join(folder, 'mono/infra/config/tandem.yaml'), '');
    symlinkSync('mono/infra', join(folder, 'link'));
    symlinkSync('mono/infra/config', join(folder, 'inside'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is found from a folder of it, and through symbolic links', () => {
    for (const from of ['mono/infra', 'mono/infra/config/dev', 'link', 'inside'])
      expect(findRoot(join(folder, from))).toBe(join(folder, 'mono/infra'));
  });

  it('fails to be found above it, and names the folder that was looked in', () => {
    expect(() => findRoot(join(folder, 'mono'))).toThrow(
      expect.objectContaining({ code: 'no-project', message: expect.stringContaining(join(folder, 'mono')) as string }),
    );
  });

  it('is what --project names, from anywhere', async () => {
    for (const args of [
      ['-C', CODE_ROOT, 'validate'],
      ['validate', '--project', CODE_ROOT],
    ])
      expect(await tandemInProcess(folder, args)).toEqual({
        code: 0,
        stdout: 'The configuration is valid.\n',
        stderr: '',
      });
    const { code, stderr } = await tandemInProcess(CODE_ROOT, ['-C', folder, 'validate']);
    expect(code).toBe(1);
    expect(stderr).toContain(`there is no config/tandem.yaml in ${folder} or in any folder above it`);
  });
});
