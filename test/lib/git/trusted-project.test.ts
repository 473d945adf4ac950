import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandGit } from '../../../lib/git/command-git.ts';
import { requireTrustedProject } from '../../../lib/git/trusted-project.ts';
import { temporaryFolder } from '../../stacks/folders.ts';

function project(): { root: string; git: (...args: string[]) => void } {
  const top = temporaryFolder();
  const root = join(top, 'infra');
  mkdirSync(join(root, '.tandem/cache'), { recursive: true, mode: 0o700 });
  const git = (...args: string[]) => void execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  git('init', '--quiet', top);
  return { root, git };
}

describe("a project's .tandem", () => {
  it('is believed where git does not know it, and in no repository', () => {
    const { root } = project();
    writeFileSync(join(root, '.tandem/cache/x'), '');
    expect(() => requireTrustedProject(root)).not.toThrow();
    expect(() => requireTrustedProject(temporaryFolder())).not.toThrow();
  });

  it.each(['.tandem/cache/x', '.TANDEM/state/y'])('fails where git tracks %s', (file) => {
    const { root, git } = project();
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
    git('add', '--force', file);
    expect(() => requireTrustedProject(root)).toThrow(`git tracks ${file}`);
  });

  it('fails where it is a link, or others can write to it', () => {
    const { root } = project();
    chmodSync(join(root, '.tandem'), 0o777);
    expect(() => requireTrustedProject(root)).toThrow('can be written by others');
    const other = temporaryFolder();
    symlinkSync(join(root, '.tandem'), join(other, '.tandem'));
    expect(() => requireTrustedProject(other)).toThrow('is a symbolic link');
  });

  it('is asked for without any hook or watcher that the repository names', async () => {
    const { root, git } = project();
    const witness = join(root, 'witness');
    writeFileSync(join(root, 'evil.sh'), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
    git('config', 'core.fsmonitor', join(root, 'evil.sh'));
    git('config', 'diff.external', join(root, 'evil.sh'));
    requireTrustedProject(root);
    const reader = commandGit(root);
    await reader.isDirty(['.']);
    await reader.isSame('HEAD', ['.']);
    expect(existsSync(witness)).toBe(false);
  });
});
