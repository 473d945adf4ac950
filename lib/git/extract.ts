import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitReading } from '../processes/git.ts';

interface TreeFile {
  /** Relative to the folder that is unpacked. */
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/** Unpacks a folder of the repository, as a commit has it, for as long as `work` takes. */
export async function withCommit<T>(
  root: string,
  commit: string,
  folder: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  try {
    await extractCommit(root, commit, folder);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Writes blobs as they are: no filter, line ending, substitution or exclusion that a `.gitattributes` of the commit asks for. Links that
 * leave the folder, submodules, and names that no checkout would make are left out.
 */
async function extractCommit(root: string, commit: string, folder: string): Promise<void> {
  const tree = (await git(root, ['ls-tree', '-r', '-z', commit, '.'])).toString();
  const files = readTree(tree);
  const blobs = await readBlobs(root, files);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const links = new Map<string, string>();
  for (const { path, mode, id } of files) {
    const content = blobs.get(id);
    if (content === undefined) continue;
    if (mode === LINK) {
      links.set(path, content.toString());
      continue;
    }
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (mode === EXECUTABLE) chmodSync(file, 0o755);
  }
  // After the files: none of them is written through a link.
  for (const [path, target] of links) {
    if (!staysInside(path, target, links)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
}

const LINK = '120000';
const EXECUTABLE = '100755';
const FILES = new Set(['100644', '100755', '100664', LINK]);

function readTree(output: string): TreeFile[] {
  return output.split('\0').flatMap((line) => {
    const [, mode = '', id = '', path = ''] = /^(\d+) blob ([0-9a-f]+)\t([^]*)$/.exec(line) ?? [];
    return FILES.has(mode) && isPlain(path) ? [{ path, mode, id }] : [];
  });
}

/** A tree that was made by hand can have any name. */
function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
}

/** Whether a link leads to a place in the folder, by no other link. */
function staysInside(path: string, target: string, links: ReadonlyMap<string, string>): boolean {
  if (target.startsWith('/')) return false;
  const at = path.split('/').slice(0, -1);
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (links.has(at.join('/'))) return false;
    if (part !== '..') at.push(part);
    else if (at.pop() === undefined) return false;
  }
  return true;
}

/** By id. Answers come in the order of the questions: `<id> blob <size>`, then the content. */
async function readBlobs(root: string, files: readonly TreeFile[]): Promise<Map<string, Buffer>> {
  const ids = [...new Set(files.map(({ id }) => id))];
  const output = await git(root, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [id = '', type = '', size = '0'] = output.toString('latin1', at, end).split(' ');
    const isBlob = type === 'blob';
    if (isBlob) blobs.set(id, output.subarray(end + 1, end + 1 + Number(size)));
    at = isBlob ? end + 1 + Number(size) + 1 : end + 1;
  }
  return blobs;
}

function git(cwd: string, args: readonly string[], input = ''): Promise<Buffer> {
  const { args: all, env } = gitReading(args);
  return new Promise((resolve, reject) => {
    const options = { cwd, env, encoding: 'buffer', maxBuffer: 1 << 30 } as const;
    const child = execFile('git', all, options, (error, output) => {
      if (error === null) resolve(output);
      else reject(new Error(error.message, { cause: error }));
    });
    // One that fails reads no questions; its exit code says so.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
