import { execFile, spawnSync } from 'node:child_process';
import { closeSync, constants, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, sep } from 'node:path';
import { openNoFollow } from '../fs/trusted.ts';
import { type IsolatedStart, isolated, packageFolders } from '../processes/isolated.ts';
import { CODE_ROOT } from '../synthesis/code.ts';

/** File of its folder in which the process writes its answer. */
export const ANSWER = 'answer.json';

/** Code of a project, in a process that reads the project, writes to one folder and has no network. */
export interface ApartRequest {
  /** The program of this folder that runs it. */
  readonly program: 'custom-main' | 'policy-main';
  readonly root: string;
  /** The folder of this user alone that `temporary` made. */
  readonly folder: string;
  /** What it is asked, on its standard input, as JSON. */
  readonly request: unknown;
  /** In milliseconds, after which it is killed. */
  readonly timeout: number;
}

/** How it ended; its answer is in its folder. */
export interface ApartEnd {
  readonly isLate: boolean;
  readonly stderr: string;
}

const LIMITS = { killSignal: 'SIGKILL', maxBuffer: 16 << 20 } as const;

export async function runApart(asked: ApartRequest): Promise<ApartEnd> {
  const { program, args, env } = startOf(asked);
  const { root: cwd, request, timeout } = asked;
  return await new Promise((resolve) => {
    const child = execFile(program, args, { ...LIMITS, cwd, env, timeout }, (error, _, stderr) => {
      resolve({ isLate: error?.killed === true, stderr });
    });
    // One that fails reads no question; its answer is missing then.
    child.stdin?.on('error', () => undefined).end(JSON.stringify(request));
  });
}

/** The same for who cannot go on before. */
export function runApartNow(asked: ApartRequest): ApartEnd {
  const { program, args, env } = startOf(asked);
  const { root: cwd, request, timeout } = asked;
  const { error, stderr } = spawnSync(program, args, { ...LIMITS, cwd, env, timeout, input: JSON.stringify(request) });
  return { isLate: (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT', stderr: stderr.toString() };
}

/** What it wrote. @throws Error in the words of the process where it wrote nothing, or something else than JSON */
export function answerIn(folder: string, stderr: string): unknown {
  try {
    const handle = openNoFollow(join(folder, ANSWER), constants.O_RDONLY);
    try {
      return JSON.parse(readFileSync(handle, 'utf8'));
    } finally {
      closeSync(handle);
    }
  } catch {
    throw new Error(stderr.split('\n').find((line) => /error/i.test(line)) ?? 'it ended without an answer');
  }
}

/** A folder of this user alone. */
export function temporary(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'tandem-code-'));
}

/** Runs work with a folder of this user alone, which is removed afterwards. */
export function inTemporary<T>(work: (folder: string) => T): T {
  const folder = temporary();
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startOf({ program, root, folder }: ApartRequest): IsolatedStart {
  const main = join(import.meta.dirname, `${program}${extname(import.meta.filename)}`);
  const own = ['bin', 'dist', 'lib', 'stacks', 'packages', 'package.json'].map((each) => join(CODE_ROOT, each));
  const packages = [...packageFolders(root), ...packageFolders(CODE_ROOT)];
  return isolated({ args: [main, folder], reads: [...own, ...packages, ...readable(root)], writes: [folder] });
}

const READABLE_FILE = /^(?:package|package-lock|tsconfig.*|cdk.*|cdktf)\.json$/;

/**
 * What a project's own code may read of it: no hidden folder, which .git with its credentials and .tandem with its state are, no file
 * beside the folders that may hold credentials, as clouds.yaml does, and nothing through a link that leaves the project.
 */
function readable(root: string): string[] {
  const inside = realpathSync(root) + sep;
  return readdirSync(root)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .map((name) => join(root, name))
    .filter((path) => lstatSync(path).isDirectory() || READABLE_FILE.test(path.slice(root.length + 1)))
    .filter((path) => realpathSync(path).startsWith(inside));
}
