import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { childEnvironment } from './child-environment.ts';

export interface IsolatedCode {
  /** What Node runs, with its arguments. */
  readonly args: readonly string[];
  /** Files and folders that it may read; those that are not there are left out. */
  readonly reads: readonly string[];
  /** Folders, which are there, that it may read and write. The first one is for its temporary files. */
  readonly writes: readonly [string, ...string[]];
  /** Whether it may start processes, which then have no such limits but the environment and the network. @default false */
  readonly startsProcesses?: boolean;
}

export interface IsolatedStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * How Node runs code that may be anybody's: it reads and writes the named folders alone, starts no process, no thread and no native module
 * (Node's permissions), gets no credential in its environment, and has no network where the system can take it away. Links are followed
 * by Node: what is named must hold none that lead elsewhere.
 */
export function isolated(
  { args, reads, writes, startsProcesses = false }: IsolatedCode,
  operator = process.env,
): IsolatedStart {
  const [temporary] = writes;
  const env = { ...childEnvironment('code', operator), NO_COLOR: '1', TMPDIR: temporary };
  const grants = [
    ...withRealPaths([...reads, ...writes]).map((path) => `--allow-fs-read=${path}`),
    ...withRealPaths(writes).map((path) => `--allow-fs-write=${path}`),
  ];
  const quiet = ['ExperimentalWarning', 'SecurityWarning'].map((name) => `--disable-warning=${name}`);
  const node = [
    process.execPath,
    '--permission',
    ...(startsProcesses ? ['--allow-child-process'] : []),
    ...quiet,
    ...grants,
    ...args,
  ];
  const [program = '', ...all] = [...withoutNetwork(env), ...node];
  return { program, args: all, env };
}

/** Whether this process is one of those: what it starts cannot be apart once more, and need not be. */
export function isIsolated(): boolean {
  const { permission } = process as { readonly permission?: { has(scope: string): boolean } };
  return permission !== undefined && !permission.has('child');
}

/** The folders of packages that modules in a folder find, from the nearest up, with the packages that are linked from elsewhere. */
export function packageFolders(folder: string): string[] {
  const found = [join(folder, 'node_modules')];
  for (let at = folder; at !== dirname(at); at = dirname(at)) found.push(join(dirname(at), 'node_modules'));
  const there = found.filter((each) => existsSync(each));
  // A link to a whole project would open what is beside its code.
  const isPackage = (path: string) => existsSync(join(path, 'package.json')) && !existsSync(join(path, '.git'));
  const linked = there.flatMap(linksIn).filter((path) => isPackage(path) && !isInside(realpathSync(folder), path));
  return [...there, ...linked];
}

/** Where links of a folder of packages lead, and of the scopes in it. */
function linksIn(packages: string): string[] {
  return readdirSync(packages, { withFileTypes: true }).flatMap((entry) => {
    const path = join(packages, entry.name);
    if (entry.isSymbolicLink()) return existsSync(path) ? [realpathSync(path)] : [];
    return entry.isDirectory() && entry.name.startsWith('@') ? linksIn(path) : [];
  });
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function withRealPaths(paths: readonly string[]): string[] {
  return [...new Set(paths.filter((path) => existsSync(path)).flatMap((path) => [path, realpathSync(path)]))];
}

let wrapper: readonly string[] | undefined;

/** The command that takes the network away from another; empty where this system has none. Looked for once a process. */
export function withoutNetwork(env: Record<string, string>): readonly string[] {
  wrapper ??=
    process.platform === 'linux'
      ? ([['-n'], ['-r', '-n']]
          .map((flags) => ['unshare', ...flags, '--'])
          .find(
            ([program = '', ...flags]) => spawnSync(program, [...flags, 'true'], { env, stdio: 'ignore' }).status === 0,
          ) ?? [])
      : [];
  return wrapper;
}
