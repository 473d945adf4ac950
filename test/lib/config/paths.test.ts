import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { initialFiles } from '../../../lib/actions/init/files.ts';
import { loadAndCheck } from '../../../lib/config/check.ts';
import { directoryFiles } from '../../../lib/config/files.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

afterEach(() => vi.unstubAllEnvs());

/** Codes of the problems of a project whose one image is this file. */
function problemsOf(image: string, prepare: (root: string) => void = () => undefined): string[] {
  const root = temporaryFolder();
  const files = initialFiles({ organisation: 'acme', contact: 'ops@acme.example.org', cloud: 'paris', version: '1' });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text.replace('images: {}', `images: { debian: { file: ${image} } }`));
  }
  prepare(root);
  return loadAndCheck(directoryFiles(root), new Date()).problems.map(({ code }) => code);
}

describe('a file that the configuration names', () => {
  it('is in the project, or where the operator allows', () => {
    expect(problemsOf('images/debian.qcow2')).toEqual([]);
    expect(problemsOf('/srv/images/debian.qcow2')).toEqual(['path-not-allowed']);
    vi.stubEnv('TANDEM_ALLOWED_PATHS', '/other:/srv/images');
    expect(problemsOf('/srv/images/debian.qcow2')).toEqual([]);
    expect(problemsOf('/srv/images/../secret')).toEqual(['path-not-allowed']);
    expect(problemsOf('/srv/images-2/debian.qcow2')).toEqual(['path-not-allowed']);
  });

  it('is not outside by a link', () => {
    const outside = temporaryFolder();
    const link = (root: string) => symlinkSync(outside, join(root, 'images'));
    expect(problemsOf('images/debian.qcow2', link)).toEqual(['path-not-allowed']);
    expect(problemsOf('images/debian.qcow2', (root) => symlinkSync('config', join(root, 'images')))).toEqual([]);
  });
});
