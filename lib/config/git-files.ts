import { execFileSync } from 'node:child_process';
import { gitReading } from '../processes/git.ts';
import {
  configGitFailed,
  configGitMissing,
  configNoRepository,
  configShallowClone,
  configUnknownRevision,
} from './errors.ts';
import { type ConfigFiles, fileError, tooLarge } from './files.ts';
import { GitTree, type TreeEntry } from './git-tree.ts';

/** Blobs up to this size are fetched together; a larger one is fetched when somebody asks for it. */
const BATCHED_BYTES = 1024 * 1024;
const MAXIMUM_OUTPUT = 1024 * 1024 * 1024;

/**
 * The files of a commit, as they would be checked out in a folder of the repository. Two processes for any number of files.
 * @throws TandemError where there is no repository, or no such commit in it.
 */
export function commitFiles(root: string, revision: string): ConfigFiles {
  const commit = resolveCommit(root, revision);
  const tree = new GitTree(listTree(root, commit), (entry) =>
    Buffer.from(readBlobs(root, [entry.id]).get(entry.id) ?? '').toString(),
  );
  let blobs: ReadonlyMap<string, Uint8Array> | undefined;
  return {
    list: (folder) => tree.list(folder),
    read(file, maximumBytes = Number.POSITIVE_INFINITY) {
      const entry = tree.file(file);
      if (entry.size > maximumBytes) throw tooLarge(entry.size);
      blobs ??= readBlobs(root, tree.blobsUnder('config', BATCHED_BYTES));
      const content = blobs.get(entry.id) ?? readBlobs(root, [entry.id]).get(entry.id);
      if (content === undefined) throw fileError('ENOENT');
      return content;
    },
  };
}

function resolveCommit(root: string, revision: string): string {
  const found = tryGit(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (found.ok) return found.output.toString().trim();
  const shallow = tryGit(root, ['rev-parse', '--is-shallow-repository']);
  if (!shallow.ok) {
    if (/not a git repository/i.test(shallow.said)) throw configNoRepository({ root });
    throw configGitFailed({ said: shallow.said }, shallow.cause);
  }
  if (shallow.output.toString().trim() === 'true') throw configShallowClone({ revision });
  throw configUnknownRevision({ revision });
}

/** Every file below the folder, paths relative to it. */
function listTree(root: string, commit: string): TreeEntry[] {
  const output = git(root, ['ls-tree', '-r', '-z', '--long', commit, '.']).toString('utf8');
  return output.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([^]*)$/.exec(line);
    if (match === null) return [];
    const [, mode = '', , id = '', size = '', path = ''] = match;
    const kind = mode === '120000' ? 'link' : mode.startsWith('100') ? 'file' : 'other';
    return [{ path, id, size: size === '-' ? 0 : Number(size), kind } as const];
  });
}

function readBlobs(root: string, ids: readonly string[]): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  if (ids.length === 0) return blobs;
  const output = git(root, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [id = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ');
    // A clone may lack a blob that its trees name.
    if (type !== 'blob') {
      at = end + 1;
      continue;
    }
    blobs.set(id, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return blobs;
}

function git(root: string, args: readonly string[], input = ''): Buffer {
  const result = tryGit(root, args, input);
  if (result.ok) return result.output;
  throw configGitFailed({ said: result.said }, result.cause);
}

type GitResult = { ok: true; output: Buffer } | { ok: false; said: string; cause: unknown };

function tryGit(root: string, args: readonly string[], input = ''): GitResult {
  const { args: all, env } = gitReading(args);
  try {
    const output = execFileSync('git', all, {
      cwd: root,
      env,
      input,
      maxBuffer: MAXIMUM_OUTPUT,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return { ok: true, output };
  } catch (cause) {
    const failed = cause as { code?: string; stderr?: Buffer | null };
    if (failed.code === 'ENOENT') throw configGitMissing(cause);
    const said =
      failed.stderr
        ?.toString()
        .trim()
        .split('\n')[0]
        ?.replace(/^fatal: /, '') ?? '';
    return { ok: false, said: said === '' ? 'it says nothing' : said, cause };
  }
}
