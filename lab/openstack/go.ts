import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labBuildFailed } from '../errors.ts';
import { logTail, readCommand, runCommand } from './command.ts';
import type { LabLayout } from './layout.ts';
import { downloadTools } from './packages.ts';
import { onPath } from './preflight.ts';

/** Fetched through the Go module registry where the machine's Go is older than what is built needs. */
const TOOLCHAIN = 'v0.0.1-go1.24.9.linux-amd64';
const OLDEST_GO = [1, 24] as const;

export interface GoBuild {
  /** What is built, for messages. */
  readonly what: string;
  /** The directory with its go.mod and go.sum. */
  readonly module: string;
  readonly package: string;
  readonly output: string;
  readonly ldflags?: string;
}

/** Builds a program from the Go module registry. Nothing is left outside the lab's directory, and nothing but the program in it. */
export async function goBuild(
  build: GoBuild,
  layout: Pick<LabLayout, 'tools' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const name = build.module.split('/').at(-1) ?? 'go';
  const log = join(layout.log, `build-${name}.log`);
  // One for all builds, one after the other: they share the toolchain and many modules. `up` removes it.
  const work = join(layout.tools, 'go');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GOPATH: join(work, 'path'),
    GOMODCACHE: join(work, 'modules'),
    GOCACHE: join(work, 'build'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0',
    HOME: work,
    // A registry's credentials, where there are any.
    NETRC: process.env['NETRC'] ?? join(process.env['HOME'] ?? '/root', '.netrc'),
    ...(await settings()),
  };
  try {
    await mkdir(work, { recursive: true });
    const source = join(work, `module-${name}`);
    await cp(build.module, source, { recursive: true });
    const go = await findGo({ work, env, log, signal });
    await runCommand(
      [
        go,
        'build',
        '-mod=readonly',
        '-trimpath',
        `-ldflags=-s -w ${build.ldflags ?? ''}`,
        '-o',
        `${build.output}.partial`,
        build.package,
      ],
      { log, cwd: source, env, signal, nice: 5 },
    );
    await chmod(`${build.output}.partial`, 0o755);
    await rename(`${build.output}.partial`, build.output);
  } catch (error) {
    if (signal.aborted) throw error;
    throw labBuildFailed({ what: build.what, logTail: logTail(log), log }, error);
  }
}

/** `go1.26.8` is at least 1.24. */
export function isRecentGo(version: string): boolean {
  const match = /go(\d+)\.(\d+)/.exec(version);
  const [major, minor] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  return major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1]);
}

/** Where the machine's Go fetches modules from; `GOENV=off` would forget a setting made with `go env -w`. */
async function settings(): Promise<NodeJS.ProcessEnv> {
  const names = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GOINSECURE'];
  const go = onPath('go');
  if (go === undefined) return {};
  const values = (await readCommand([go, 'env', ...names])).split('\n');
  const pairs = names.map((name, index): [string, string] => [name, values[index] ?? '']);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

export interface GoSearch {
  /** Where a Go that had to be fetched is kept. */
  readonly work: string;
  /** Names `GOMODCACHE`; loses `GOROOT` where Debian's Go is used. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  readonly signal: AbortSignal;
}

/** A Go that is recent enough: the machine's own, or one fetched with whatever Go there is. */
export async function findGo(search: GoSearch): Promise<string> {
  const installed = onPath('go');
  if (installed !== undefined && isRecentGo(await readCommand([installed, 'version'], { env: search.env })))
    return installed;
  // An old Go (Debian's own) is enough to fetch a new one as a module, checked against the checksum database.
  const root = join(String(search.env['GOMODCACHE']), 'golang.org', `toolchain@${TOOLCHAIN}`);
  const go = join(root, 'bin', 'go');
  if (existsSync(go)) return go;
  const old = installed ?? (await debianGo(search));
  const module = join(search.work, 'toolchain');
  await mkdir(module, { recursive: true });
  await writeFile(join(module, 'go.mod'), 'module tandem.invalid/lab/toolchain\n');
  const { log, env, signal } = search;
  await runCommand([old, 'mod', 'download', `golang.org/toolchain@${TOOLCHAIN}`], { log, cwd: module, env, signal });
  // Module archives carry no modes.
  for (const directory of ['bin', 'pkg/tool/linux_amd64']) {
    for (const file of await readdir(join(root, directory))) await chmod(join(root, directory, file), 0o755);
  }
  return go;
}

async function debianGo(search: GoSearch): Promise<string> {
  const tools = join(search.work, 'debian');
  await downloadTools(['golang-1.19-go', 'golang-1.19-src'], tools, search);
  const root = join(tools, 'usr/lib/go-1.19');
  search.env['GOROOT'] = undefined;
  const go = join(root, 'bin/go');
  if (!existsSync(go)) throw new Error("Debian's Go is not where it is expected");
  return go;
}
