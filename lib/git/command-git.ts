import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gitReading } from '../processes/git.ts';
import { printableLine } from '../text/printable.ts';
import { isForkEvent } from './foreign.ts';
import type { Commit, Git, Writer } from './git.ts';
import { webUrl } from './remote-url.ts';

const NEVER_COMMITTED = /^0{40}/;

/** The repository around a folder, asked through the `git` command. */
export function commandGit(root: string): Git {
  const git = (...args: string[]) => run(root, args);
  const lookUp = async (...args: string[]): Promise<string | undefined> => {
    const { code, output } = await git(...args);
    return code === 0 && output.trim() !== '' ? output.trim() : undefined;
  };
  const lastCommit = async (...args: string[]): Promise<Commit | undefined> => {
    const line = await lookUp('log', '-1', `--format=${FORMAT}`, ...args);
    return line === undefined ? undefined : toCommit(line);
  };
  const remoteName = async (): Promise<string | undefined> => {
    const remotes = (await lookUp('remote'))?.split('\n') ?? [];
    return remotes.includes('origin') ? 'origin' : remotes[0];
  };
  return {
    head: () => lookUp('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    // A name that starts with a hyphen would be an option.
    resolve: async (rev) =>
      rev.startsWith('-') ? undefined : lookUp('rev-parse', '--verify', '--quiet', `${rev}^{commit}`),
    isShallow: async () => (await lookUp('rev-parse', '--is-shallow-repository')) === 'true',
    isAncestor: async (ancestor, descendant) =>
      (await git('merge-base', '--is-ancestor', ancestor, descendant)).code === 0,
    branchOf: async (rev) => {
      if (rev.startsWith('-') || /^(?:@|.*HEAD)$/.test(rev)) return undefined;
      const name = await lookUp('rev-parse', '--verify', '--quiet', '--symbolic-full-name', rev);
      return /^refs\/(?:heads|remotes)\/(.+)$/.exec(name ?? '')?.[1];
    },
    mergeBase: (a, b) => lookUp('merge-base', a, b),
    countSince: async (base, tip) => Number((await lookUp('rev-list', '--count', `${base}..${tip}`)) ?? 0),
    hasFile: async (commit, file) => (await git('cat-file', '-e', `${commit}:./${file}`)).code === 0,
    deletionOf: (file, since) => lastCommit('--full-history', '--diff-filter=D', '-m', `${since}..HEAD`, '--', file),
    lastChangeOf: (file, since) => lastCommit(`${since}..HEAD`, '--', file),
    authorsOf: async (paths, since) => {
      const range = since === undefined ? ['-1'] : [`${since}..HEAD`];
      const emails = await lookUp('log', '--format=%ae', ...range, '--', ...paths);
      return [...new Set(emails?.toLowerCase().split('\n') ?? [])].sort();
    },
    isDirty: async (paths) =>
      (await lookUp('status', '--porcelain', '--untracked-files=all', '--', ...paths)) !== undefined,
    isSame: async (commit, paths) =>
      (await git('diff', '--quiet', '--no-ext-diff', '--no-textconv', commit, '--', ...paths)).code === 0 &&
      (await lookUp('ls-files', '--others', '--exclude-standard', '--', ...paths)) === undefined,
    writerOf: (file, line) => writerOf(root, file, line),
    isOwn: async (commit) => {
      const remote = await remoteName();
      if (remote === undefined) return true;
      // What CI checked out for a fork is HEAD, and not ours.
      if (!isForkEvent(process.env) && (await git('merge-base', '--is-ancestor', commit, 'HEAD')).code === 0)
        return true;
      return (
        (await lookUp('for-each-ref', '--count=1', `--contains=${commit}`, `refs/remotes/${remote}/`)) !== undefined
      );
    },
    remoteUrl: async () => {
      const remote = await remoteName();
      const url = remote === undefined ? undefined : await lookUp('remote', 'get-url', remote);
      return url === undefined ? undefined : webUrl(url);
    },
    prefix: async () => ((await lookUp('rev-parse', '--show-prefix')) ?? '').replace(/\/$/, ''),
  };
}

const FORMAT = '%H%x00%an%x00%at%x00%s';

function toCommit(line: string): Commit {
  const [id = '', author = '', seconds = '0', summary = ''] = line.split('\0');
  return { id, author: printableLine(author), date: inUtc(seconds), summary: printableLine(summary) };
}

async function writerOf(root: string, file: string, line: number | undefined): Promise<Writer> {
  const path = realPath(join(root, file));
  // Where the file really is: git follows no link, and another repository may begin above it.
  const git = (...args: string[]) => run(dirname(path), args);
  if ((await git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')).code !== 0) return { kind: 'no-history' };
  const { code, output } =
    line === undefined
      ? await git('log', '-1', '--follow', `--format=${FORMAT}`, '--', basename(path))
      : await git('blame', '--porcelain', '--no-textconv', '-L', `${line},${line}`, '--', basename(path));
  if (code !== 0 || output.trim() === '' || NEVER_COMMITTED.test(output)) return { kind: 'uncommitted' };
  const commit = line === undefined ? toCommit(output.trim()) : fromBlame(output);
  return (await isCutOff(git, commit.id)) ? { kind: 'cut-off', commit: commit.id } : { kind: 'commit', commit };
}

/** Whether a commit has parents that this clone does not: it seems to have written all that it holds. */
async function isCutOff(git: (...args: string[]) => ReturnType<typeof run>, commit: string): Promise<boolean> {
  if ((await git('rev-parse', '--is-shallow-repository')).output.trim() !== 'true') return false;
  const [written, known] = [await git('cat-file', 'commit', commit), await git('rev-list', '--parents', '-1', commit)];
  const [header = ''] = written.output.split('\n\n', 1);
  return /^parent /m.test(header) && known.output.trim().split(' ').length === 1;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function fromBlame(porcelain: string): Commit {
  const field = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(porcelain)?.[1] ?? '';
  return {
    id: porcelain.slice(0, 40),
    author: printableLine(field('author')),
    date: inUtc(field('author-time')),
    summary: printableLine(field('summary')),
  };
}

function inUtc(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000', '');
}

/** Never throws: a folder without repository, or a machine without git, is code 128 or -1. */
function run(cwd: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const { args: all, env } = gitReading(args);
  return new Promise((resolve) => {
    execFile('git', all, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, output) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, output });
    });
  });
}
