import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withIgnored } from '../../../../lib/actions/init/files.ts';
import { init } from '../../../../lib/actions/init/init.ts';
import { initSchema } from '../../../../lib/actions/init/schema.ts';
import { directoryFiles } from '../../../../lib/config/files.ts';
import { loadChecked } from '../../../../lib/private-cloud/checks/load-checked.ts';
import { stacksOf } from '../../../../lib/synthesis/catalogue.ts';
import { temporaryFolder } from '../../../stacks/folders.ts';

const now = () => new Date('2026-11-28T00:00:00Z');

/** A host that answers questions from a list, and none after its end. */
function contextOf(folder: string, answers: readonly string[] = []) {
  const left = [...answers];
  return {
    folder,
    now,
    io: {
      emit: () => undefined,
      confirm: async () => false,
      text: async () => left.shift(),
      secret: async () => undefined,
    },
  };
}
const both = { organisation: 'acme', cloud: 'dev', environment: 'staging', account: '222233334444' };

describe('init', () => {
  it.each([
    ['a cloud', { organisation: 'acme', cloud: 'dev' }, ['openstack/dev/base']],
    ['a cloud and an environment', both, ['aws/staging/cluster', 'aws/staging/network', 'openstack/dev/base']],
  ])('makes a project of %s that validates', async (_, options, ids) => {
    const folder = temporaryFolder();
    const result = await init(contextOf(folder), options);
    initSchema.parse({ format: 'tandem.init/1', ...result });
    expect(result.files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    expect(result.files).toEqual(expect.arrayContaining(['cdk.json', 'cdktf.json', '.gitignore', 'package.json']));
    const { project, problems } = loadChecked(directoryFiles(folder), now());
    expect(problems).toEqual([]);
    expect(stacksOf(project!).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    [
      'github',
      [
        '.github/workflows/tandem-plan.yml',
        '.github/workflows/tandem-review.yml',
        '.github/workflows/tandem-deploy.yml',
      ],
    ],
    ['gitlab', ['.gitlab-ci.yml']],
  ] as const)('writes the workflows of %s, with a project or into one, and over none', async (ci, files) => {
    const folder = temporaryFolder();
    expect((await init(contextOf(folder), { ...both, ci })).files).toEqual(expect.arrayContaining([...files]));
    const later = temporaryFolder();
    expect((await init(contextOf(later), both)).files.filter((file) => file.includes('yml'))).toEqual([]);
    expect((await init(contextOf(later), { ci })).files).toEqual(files);
    writeFileSync(join(later, files[0]), 'mine');
    for (const each of files.slice(1)) rmSync(join(later, each));
    await expect(init(contextOf(later), { ci })).rejects.toMatchObject({ code: 'init-would-overwrite' });
    expect(readFileSync(join(later, files[0]), 'utf8')).toBe('mine');
    expect(files.slice(1).some((each) => existsSync(join(later, each)))).toBe(false);
  });

  it('asks for what no option says; an empty answer means no environment', async () => {
    const folder = temporaryFolder();
    await init(contextOf(folder, ['acme', 'dev', '']), {});
    expect(existsSync(join(folder, 'config/clouds/dev.yaml'))).toBe(true);
    expect(existsSync(join(folder, 'config/environments'))).toBe(false);
  });

  it.each([
    ['a missing answer', { organisation: 'acme' }, 'init-answer-missing', '--cloud'],
    ['an environment without account', { ...both, account: undefined }, 'init-answer-missing', '--account'],
    ['a name that no cloud takes', { ...both, organisation: 'Acme Ltd' }, 'init-answer-invalid', 'organisation.name'],
  ])('fails with %s, and writes nothing', async (_, options, code, text) => {
    const folder = temporaryFolder();
    const failing = init(contextOf(folder), options);
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });

  it('fails rather than to overwrite, and writes nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cdk.json'), '{}');
    await expect(init(contextOf(folder), both)).rejects.toMatchObject({ code: 'init-would-overwrite' });
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });

  it('keeps a package.json, and adds to a .gitignore only what it lacks', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, '.gitignore'), '/node_modules\n*.log');
    const { files } = await init(contextOf(folder), both);
    expect(files).not.toContain('package.json');
    const text = readFileSync(join(folder, '.gitignore'), 'utf8');
    expect(text).toBe('/node_modules\n*.log\n.tandem/\ncdk.out/\ncdktf.out/\nkolla.out/\n');
    expect(withIgnored(text)).toBeUndefined();
  });
});
