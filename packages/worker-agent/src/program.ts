import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { canStart } from './command.ts';
import { sha256Of } from './digest.ts';
import { type Downloads, MissingObject } from './ports.ts';
import type { Program, WorkerConfig } from './worker-config.ts';

const run = promisify(execFile);
/** Versions that stay unpacked beside the current one: a rollback needs no download. */
const KEPT = 2;

/** The program cannot be run on this instance, and trying again would not help. */
export class UnfitProgram extends Error {
  override readonly name = 'UnfitProgram';
}

/** A job's folder, and what its command is told of it. */
export interface Place {
  readonly name: string;
  readonly folder: string;
  /** Where it starts, below. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Invocation {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: WorkerConfig['limits'];
  /** Run after the command, however it ended: what it left behind and no signal reaches. */
  readonly cleanup?: readonly string[];
}

/** How a job is begun. */
export type Invoke = (place: Place) => Invocation;

export interface Preparing {
  readonly config: Pick<WorkerConfig, 'program' | 'limits' | 'region'>;
  readonly downloads: Downloads;
  /** Where programs are unpacked. */
  readonly folder: string;
  readonly path: string;
}

/** Makes the program ready. @throws UnfitProgram where it can't be; other errors may pass */
export async function prepareProgram({ config, downloads, folder, path }: Preparing): Promise<Invoke> {
  const { program, limits } = config;
  switch (program.kind) {
    case 'command':
      needProgram(program.command[0], path);
      return ({ env }) => ({ command: program.command, env, limits });
    case 'archive': {
      const home = await unpacked(program, downloads, folder);
      const command = program.command.map((word, index) => inArchive(word, index, home));
      needProgram(command[0] ?? '', path);
      return ({ env }) => ({ command, env: { ...env, TANDEM_PROGRAM_DIR: home }, limits });
    }
    case 'container':
      needProgram(program.engine, path);
      await pulled(program, config.region);
      return (place) => containerInvocation(program, place, limits);
  }
}

function needProgram(program: string, path: string): void {
  if (!canStart(program, path)) throw new UnfitProgram(`the command '${program}' is not on this instance`);
}

function inArchive(word: string, index: number, home: string): string {
  if (word.startsWith('./')) return join(home, word);
  return index === 0 && !isAbsolute(word) && existsSync(join(home, word)) ? join(home, word) : word;
}

type Archive = Extract<Program, { kind: 'archive' }>;

/** The folder of this version; its name has the digest or the key, so what is there is what was fetched. */
async function unpacked(
  { bucket, key, sha256, version }: Archive,
  downloads: Downloads,
  folder: string,
): Promise<string> {
  const mark = sha256 ?? createHash('sha256').update(`${bucket}/${key}`).digest('hex');
  const home = join(folder, `${version.replace(/[^\w.+-]/g, '_')}-${mark.slice(0, 16)}`);
  if (!(await exists(home))) {
    const [archive, fresh] = [`${home}.archive`, `${home}.new`];
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    try {
      await downloads.fetch(bucket, key, archive);
      const found = sha256 === undefined ? undefined : await sha256Of(archive);
      if (found !== sha256)
        throw new UnfitProgram(`s3://${bucket}/${key} has the SHA-256 ${found ?? ''}, and should have ${sha256 ?? ''}`);
      await extract(archive, fresh);
      await rename(fresh, home);
    } catch (error) {
      if (error instanceof MissingObject)
        throw new UnfitProgram(`s3://${bucket}/${key} is not there, or may not be read`);
      throw error;
    } finally {
      await rm(archive, { force: true });
    }
  }
  await utimes(home, new Date(), new Date());
  await forgetOthers(folder, home);
  return home;
}

async function extract(archive: string, folder: string): Promise<void> {
  try {
    if (await isZip(archive)) await run('unzip', ['-q', archive, '-d', folder]);
    else await run('tar', ['--extract', '--no-same-owner', '--file', archive, '--directory', folder]);
  } catch (error) {
    throw new UnfitProgram(`the program's archive can't be unpacked: ${error instanceof Error ? error.message : ''}`);
  }
}

async function isZip(archive: string): Promise<boolean> {
  const handle = await open(archive);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === 'PK';
  } finally {
    await handle.close();
  }
}

async function forgetOthers(folder: string, home: string): Promise<void> {
  const names = (await readdir(folder)).map((name) => join(folder, name)).filter((each) => each !== home);
  const ages = await Promise.all(names.map(async (each) => ({ each, age: (await stat(each)).mtimeMs })));
  const old = ages.sort((a, b) => b.age - a.age).slice(KEPT);
  for (const { each } of old) await rm(each, { recursive: true, force: true });
}

type Container = Extract<Program, { kind: 'container' }>;

/** Amazon ECR's own keys last for twelve hours: each pull signs in. */
async function pulled({ engine, image }: Container, region: string): Promise<void> {
  const [registry = ''] = image.split('/');
  const present = await run(engine, ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );
  if (present) return;
  if (registry.includes('.dkr.ecr.')) {
    const script = 'aws ecr get-login-password --region "$1" | "$2" login --username AWS --password-stdin "$3"';
    await run('/bin/sh', ['-c', script, 'sign-in', region, engine, registry]);
  }
  await run(engine, ['pull', '--quiet', image]);
}

/** The job's folder is at the same path inside; a container of Docker writes as the agent's user, one of rootless Podman does so anyway. */
function containerInvocation(
  { engine, image, command }: Container,
  place: Place,
  limits: WorkerConfig['limits'],
): Invocation {
  const name = `tandem-${place.name}`;
  const { memoryMiB, processes } = limits;
  const asUser = engine === 'docker' ? ['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`] : [];
  return {
    command: [
      ...[
        engine,
        'run',
        '--rm',
        '--interactive',
        '--init',
        '--name',
        name,
        '--label',
        'tandem.job',
        '--network',
        'host',
      ],
      ...[
        '--volume',
        `${place.folder}:${place.folder}`,
        '--workdir',
        place.work,
        '--security-opt',
        'no-new-privileges',
      ],
      ...asUser,
      ...(memoryMiB === undefined ? [] : ['--memory', `${memoryMiB}m`]),
      ...(processes === undefined ? [] : ['--pids-limit', String(processes)]),
      // Values are taken from the environment: arguments are seen by every user of the machine.
      ...Object.keys(place.env).flatMap((each) => ['--env', each]),
      ...[image, ...command],
    ],
    env: place.env,
    limits: { memoryMiB: undefined, processes: undefined },
    cleanup: [engine, 'rm', '--force', name],
  };
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
