import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ALICE = 'config/dev/alice.yaml';

/** A bare remote with a commit, and clones of it, in a folder of their own. */
export interface Checkouts {
  readonly folder: string;
  /** Output of git in a checkout; throws where it fails. */
  readonly git: (at: string, ...args: string[]) => string;
  readonly write: (at: string, file: string, text?: string) => void;
  readonly read: (at: string, file: string) => string;
  readonly clone: (name: string, ...options: string[]) => string;
  /** A hook of the remote, or of a checkout. */
  readonly hook: (at: string, name: string, script: string) => void;
  /** What a branch of the remote has that it had not at a commit: `A config/dev/alice.yaml`. */
  readonly arrived: (since: string, branch?: string) => string[];
  readonly remove: () => void;
}

/** Every one is a copy of what git made once: half of the time of a test went into making it. */
let made: string | undefined;

export function makeCheckouts(): Checkouts {
  if (made === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'lease-git-made-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    begin(checkoutsIn(folder));
    made = folder;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lease-git-'));
  cpSync(made, folder, { recursive: true });
  const settings = join(folder, 'ann/.git/config');
  writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(made, folder));
  return checkoutsIn(folder);
}

function checkoutsIn(folder: string): Checkouts {
  const checkouts: Checkouts = {
    folder,
    git: (at, ...args) =>
      execFileSync('git', ['-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always', ...args], {
        cwd: join(folder, at),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, GIT_EDITOR: 'true' },
      }).trim(),
    write(at, file, text = 'x\n') {
      mkdirSync(dirname(join(folder, at, file)), { recursive: true });
      writeFileSync(join(folder, at, file), text);
    },
    read: (at, file) => readFileSync(join(folder, at, file), 'utf8'),
    clone(name, ...options) {
      checkouts.git('', 'clone', '-q', ...options, `file://${folder}/remote.git`, name);
      for (const [key, value] of [
        ['user.name', name],
        ['user.email', `${name}@example.org`],
        ['commit.gpgsign', 'false'],
      ] as const)
        checkouts.git(name, 'config', key, value);
      return join(folder, name);
    },
    hook(at, name, script) {
      checkouts.write(at, `hooks/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, at, `hooks/${name}`), 0o755);
    },
    arrived: (since, branch = 'main') =>
      checkouts
        .git('remote.git', 'diff', '--name-status', since, branch)
        .split('\n')
        .filter(Boolean)
        .map((line) => line.replace('\t', ' ')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return checkouts;
}

/** A first commit of ann's, which the remote has. */
function begin({ git, write, clone }: Checkouts): void {
  git('', 'init', '-q', '--bare', '-b', 'main', 'remote.git');
  git('remote.git', 'config', 'uploadpack.allowFilter', 'true');
  clone('ann');
  git('ann', 'checkout', '-q', '-b', 'main');
  write('ann', 'README', 'first\n');
  write('ann', 'config/tandem.yaml');
  write('ann', 'other/file');
  write('ann', '.gitignore', '.tandem/\n');
  git('ann', 'add', '-A');
  git('ann', 'commit', '-q', '-m', 'begin');
  git('ann', 'push', '-q', '-u', 'origin', 'main');
}

/** Puts commits of somebody else on the remote's main. */
export function othersPush(checkouts: Checkouts, file = 'others', text = 'theirs\n'): void {
  const { git, write, clone } = checkouts;
  const name = `other-${crypto.randomUUID().slice(0, 6)}`;
  clone(name);
  write(name, file, text);
  git(name, 'add', '-A');
  git(name, 'commit', '-q', '-m', 'theirs');
  git(name, 'push', '-q', 'origin', 'HEAD:main');
}
