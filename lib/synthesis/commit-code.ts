import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { commitFiles } from '../config/git-files.ts';
import type { Git } from '../git/git.ts';
import { childEnvironment } from '../processes/child-environment.ts';
import { isolated, packageFolders } from '../processes/isolated.ts';
import { CODE_PATHS, CODE_ROOT, isOwnCode } from './code.ts';

const exec = promisify(execFile);

const BINDINGS = 'packages/provider-openstack/lib';

/** The code that a commit is synthesized with, where that is not the code that runs. Paths are relative to where the commit is unpacked. */
export interface CommitCode {
  /** For people: why it is not the code that runs. */
  readonly reason: string;
  /** Folder of the repository that is unpacked. */
  readonly source: string;
  /** The project inside it. */
  readonly project: string;
  /** What Node runs, with the arguments of the command line. */
  readonly main: string;
  /** Makes the code ready to run where it was unpacked. */
  readonly prepare: (folder: string) => Promise<void>;
}

export interface CommitCodeQuestion {
  readonly root: string;
  readonly commit: string;
  readonly git: Git;
  readonly log: (line: string) => void;
}

/**
 * The code of a commit; undefined where it is the code that runs. In a checkout of Tandem that is a question of the code's files; in a project
 * that has Tandem installed, of the version that the commit's package-lock.json names.
 */
export async function codeOfCommit(question: CommitCodeQuestion): Promise<CommitCode | undefined> {
  return isOwnCode(question.root) ? await ownCode(question) : installedCode(question);
}

async function ownCode({ root, commit, git }: CommitCodeQuestion): Promise<CommitCode | undefined> {
  if (await git.isSame(commit, CODE_PATHS)) return undefined;
  const hasOwnPackages = !(await git.isSame(commit, ['packages']));
  return {
    reason: `the code of ${commit.slice(0, 10)} differs from this checkout's`,
    source: root,
    project: '.',
    main: 'lib/cli/main.ts',
    prepare: (folder) => linkPackages(root, folder, hasOwnPackages),
  };
}

function installedCode({ root, commit, log }: CommitCodeQuestion): CommitCode | undefined {
  // Node gives modules by their real path: <home>/node_modules/tandem/dist.
  const home = dirname(dirname(dirname(CODE_ROOT)));
  const here = entryIn(() => readFileSync(join(home, 'node_modules/.package-lock.json')));
  const there = entryIn(() => commitFiles(home, commit).read('package-lock.json'));
  if (here === undefined || there === undefined) {
    log(
      `no package-lock.json of ${commit.slice(0, 10)} names a version of tandem; synthesizing with the one that runs`,
    );
    return undefined;
  }
  if (here.version === there.version && here.integrity === there.integrity) return undefined;
  const difference =
    here.version === there.version
      ? `another tandem ${here.version} than the installed one`
      : `tandem version ${there.version}, not the installed ${here.version}`;
  return {
    reason: `${commit.slice(0, 10)} has ${difference}; installing it aside`,
    source: home,
    project: relative(home, realpathSync(root)),
    // Not its launcher, which starts a process: this runs where none can be started.
    main: 'node_modules/tandem/dist/lib/cli/main.js',
    prepare: async (folder) => {
      // npm takes programs to run from it: it is this checkout's, never the commit's.
      rmSync(join(folder, '.npmrc'), { force: true });
      if (existsSync(join(home, '.npmrc'))) copyFileSync(join(home, '.npmrc'), join(folder, '.npmrc'));
      await exec('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        ...{ cwd: folder, env: childEnvironment('install', process.env) },
      });
    },
  };
}

function entryIn(read: () => Uint8Array): { version: string; integrity?: string } | undefined {
  try {
    const { packages } = JSON.parse(Buffer.from(read()).toString()) as {
      packages?: Record<string, { version: string }>;
    };
    return packages?.['node_modules/tandem'];
  } catch {
    return undefined;
  }
}

/** Dependencies are this checkout's; packages that are part of the project are the commit's where they differ. */
async function linkPackages(root: string, folder: string, hasOwnPackages: boolean): Promise<void> {
  const installed = join(root, 'node_modules');
  if (!hasOwnPackages) {
    symlinkSync(installed, join(folder, 'node_modules'));
    // Generated from sources that are the same, and in no commit.
    const generated = join(root, BINDINGS);
    if (existsSync(generated)) symlinkSync(generated, join(folder, BINDINGS));
    return;
  }
  const own = join(folder, 'node_modules');
  for (const name of readdirSync(installed)) {
    const inside = name.startsWith('@') ? readdirSync(join(installed, name)).map((each) => `${name}/${each}`) : [name];
    for (const each of inside) {
      const target =
        each === '@cdktf/provider-openstack' ? join(folder, 'packages/provider-openstack') : join(installed, each);
      mkdirSync(join(own, each, '..'), { recursive: true });
      symlinkSync(target, join(own, each));
    }
  }
  const generate = join(folder, 'packages/provider-openstack/scripts/generate.mts');
  if (existsSync(generate)) {
    const temporary = join(folder, '.temporary');
    mkdirSync(temporary, { mode: 0o700 });
    const reads = [folder, ...packageFolders(folder)];
    const { program, args, env } = isolated({
      args: [generate],
      startsProcesses: true,
      ...{ reads, writes: [temporary, join(folder, 'packages/provider-openstack')] },
    });
    await exec(program, args, { cwd: folder, env, timeout: 300_000 });
  }
}
