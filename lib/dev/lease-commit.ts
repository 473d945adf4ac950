import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guarded } from '../fs/guard.ts';
import { childEnvironment } from '../processes/child-environment.ts';
import { gitFailed } from './errors.ts';

/** What leases ask of the repository that they are written in. */
export interface LeaseRepository {
  /**
   * Commits that file alone as it stands in the working tree, its deletion included, whatever else is staged or changed. False
   * where there was nothing to commit: no repository, or the commit has it so already.
   */
  commit(file: string, message: string): Promise<boolean>;
  /** Brings the commits of this branch to the remote. */
  push(name: string): Promise<PushResult>;
  /** Who pushed that file, where the remote's branch has it and this checkout does not; undefined otherwise. */
  takenBy(file: string): Promise<string | undefined>;
  /** When that file was last committed, ISO 8601; undefined where it never was. */
  lastChange(file: string): Promise<string | undefined>;
}

/**
 * `none`: there is no remote, or no branch is checked out. `branch`: the remote protects this branch, so the commits went to one
 * of their own, to be merged by a pull request.
 */
export type PushResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'pushed'; readonly branch: string }
  | { readonly kind: 'branch'; readonly branch: string; readonly base: string; readonly command: string };

interface Remote {
  readonly name: string;
  readonly branch: string;
}

const ATTEMPTS = 4;
/** How long others may work on this checkout before it is an error, in milliseconds: Tandem's own runs, and any other git. */
const OTHER_RUNS = 300_000;
const OTHER_GIT = 15_000;

/** The repository around a folder, through the `git` command. */
export function commandLeaseRepository(root: string, signal?: AbortSignal): LeaseRepository {
  const git = (...args: string[]) => run(root, args, signal);
  const succeed = async (what: string, ...args: string[]): Promise<string> => {
    const deadline = performance.now() + OTHER_GIT;
    for (;;) {
      const { code, output, errors } = await git(...args);
      if (code === 0) return output.trim();
      if (!/index\.lock'?: File exists/.test(errors) || performance.now() > deadline) throw gitFailed(what, errors);
      await sleep(200, undefined, { signal });
    }
  };
  // A checkout has one index and one branch: while one run commits or rebases, another must not.
  const alone = <T>(action: () => Promise<T>): Promise<T> => guarded(join(root, '.tandem/git'), action, OTHER_RUNS);
  return {
    async lastChange(file) {
      const { code, output } = await git('log', '-1', '--format=%cI', '--', file);
      return code === 0 && output.trim() !== '' ? output.trim() : undefined;
    },
    async takenBy(file) {
      const remote = await remoteOf();
      if (remote === undefined || (await git('cat-file', '-e', `HEAD:./${file}`)).code === 0) return undefined;
      // Offline is no reason not to go on: pushing finds out later.
      if ((await git('fetch', '--quiet', remote.name, remote.branch)).code !== 0) return undefined;
      const { code, output } = await git('log', '-1', '--format=%an <%ae>', 'FETCH_HEAD', '--', file);
      const exists = (await git('cat-file', '-e', `FETCH_HEAD:./${file}`)).code === 0;
      return code === 0 && exists ? output.trim() : undefined;
    },
    async commit(file, message) {
      if ((await git('rev-parse', '--git-dir')).code !== 0) return false;
      return await alone(() => commitOne(file, message));
    },
    async push(name) {
      const remote = await remoteOf();
      return remote === undefined ? { kind: 'none' } : await alone(() => pushTo(remote, name));
    },
  };

  async function commitOne(file: string, message: string): Promise<boolean> {
    const changed = await succeed('read the state of the lease', 'status', '--porcelain', '--', file);
    if (changed === '') return false;
    // A file that git has never seen cannot be named to `commit --only` before it is announced.
    if (changed.startsWith('??')) await succeed('announce the lease', 'add', '--intent-to-add', '--', file);
    await succeed('commit the lease', 'commit', '--quiet', '--only', '--message', message, '--', file);
    return true;
  }

  async function pushTo({ name: target, branch }: Remote, name: string): Promise<PushResult> {
    for (let attempt = 1; ; attempt += 1) {
      const { code, errors } = await git('push', '--quiet', target, `HEAD:refs/heads/${branch}`);
      if (code === 0) return { kind: 'pushed', branch };
      if (isProtected(errors)) return await pushAside(target, branch, name);
      if (!isBehind(errors) || attempt === ATTEMPTS) throw gitFailed(`push to ${target}`, errors);
      await succeed('fetch what others pushed', 'fetch', '--quiet', target, branch);
      const rebase = await git('rebase', '--autostash', '--quiet', 'FETCH_HEAD');
      if (rebase.code !== 0) {
        await git('rebase', '--abort');
        throw gitFailed(`rebase onto ${target}/${branch}`, rebase.errors);
      }
    }
  }

  async function remoteOf(): Promise<Remote | undefined> {
    const names = (await git('remote')).output.split('\n').filter(Boolean);
    const branch = (await git('symbolic-ref', '--quiet', '--short', 'HEAD')).output.trim();
    const name = names.includes('origin') ? 'origin' : names[0];
    return name === undefined || branch === '' ? undefined : { name, branch };
  }

  async function pushAside(target: string, base: string, name: string): Promise<PushResult> {
    const branch = `lease/${name}`;
    const { code, errors } = await git('push', '--quiet', '--force-with-lease', target, `HEAD:refs/heads/${branch}`);
    if (code !== 0) throw gitFailed(`push ${branch} to ${target}`, errors);
    const url = (await git('remote', 'get-url', target)).output.trim();
    const command = /gitlab/.test(url)
      ? `glab mr create --source-branch ${branch} --target-branch ${base} --fill`
      : `gh pr create --head ${branch} --base ${base} --fill`;
    return { kind: 'branch', branch, base, command };
  }
}

function isBehind(errors: string): boolean {
  return /\(fetch first\)|\(non-fast-forward\)|cannot lock ref/.test(errors);
}

/** What GitHub, GitLab, Bitbucket and a plain hook say. */
function isProtected(errors: string): boolean {
  return /protected branch|GH006|GH013|not allowed to push|pre-receive hook declined|hook declined|prohibited/i.test(
    errors,
  );
}

interface GitResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function run(cwd: string, args: readonly string[], signal: AbortSignal | undefined): Promise<GitResult> {
  // No prompt for a password: there may be no one to answer, and the question would hang.
  const env = {
    ...childEnvironment('git-write', process.env),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: 'true',
  };
  const options = { cwd, env, encoding: 'utf8', ...(signal === undefined ? {} : { signal }) } as const;
  return new Promise((resolve) => {
    const child = execFile('git', ['--no-pager', ...args], options, (error, output, errors) => {
      const code = error === null ? 0 : (child.exitCode ?? -1);
      resolve({ code, output, errors: errors === '' && error !== null ? error.message : errors });
    });
  });
}
