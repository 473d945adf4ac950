import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { enginePlugins } from '../engines/plugins.ts';
import { messageOf } from '../errors/tandem-error.ts';
import { withCommit } from '../git/extract.ts';
import { baseCodeFailed } from '../plan/errors.ts';
import { isolated, packageFolders } from '../processes/isolated.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf, type EngineName } from '../stack/synthesized.ts';
import type { ArtefactCache } from './artefact-cache.ts';
import type { CommitCode } from './commit-code.ts';

const exec = promisify(execFile);

export interface CommitSynthesis {
  /** Names what is made: commit and Node. */
  readonly key: string;
  /** Where the commit is unpacked for as long as this takes. */
  readonly folder: string;
  readonly commit: string;
  readonly code: CommitCode;
  readonly cache: ArtefactCache;
  readonly log: (line: string) => void;
}

export interface MadeAtCommit {
  readonly id: StackId;
  readonly engine: EngineName;
  readonly text: string;
  readonly digest: string;
}

/** Has a commit's own code synthesize it, in a process of its own; once, then the cache has it. @throws TandemError `base-code-failed` */
export async function synthesizeAtCommit(job: CommitSynthesis): Promise<MadeAtCommit[]> {
  const known = job.cache.read(job.key);
  if (known !== undefined) return JSON.parse(known.text) as MadeAtCommit[];
  const { commit, code } = job;
  job.log(`${code.reason}; synthesizing with its own`);
  try {
    const made = await withCommit(code.source, commit, job.folder, async (folder) => {
      await code.prepare(folder);
      return await runSynth(folder, code);
    });
    const text = JSON.stringify(made);
    job.cache.write(job.key, { text, digest: digestOf(text), citations: '' });
    return made;
  } catch (error) {
    throw baseCodeFailed(commit, reasonOf(error), error);
  }
}

/** Folders that `synth` writes; nothing else that is unpacked, since links there lead to the packages that are installed. */
const WRITTEN = ['cdk.out', 'cdktf.out', 'kolla.out', '.tandem'];

async function runSynth(folder: string, code: CommitCode): Promise<MadeAtCommit[]> {
  const project = join(folder, code.project);
  const temporary = join(folder, '.temporary');
  const writes = WRITTEN.map((name) => join(project, name));
  for (const each of [temporary, ...writes]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const { program, args, env } = isolated({
    // Threads would not have its limits.
    args: [join(folder, code.main), 'synth', '--json', '--parallelism', '1'],
    reads: [folder, ...packageFolders(folder)],
    writes: [temporary, ...writes],
  });
  const { stdout } = await exec(program, args, { cwd: project, env, timeout: 300_000, maxBuffer: 64 << 20 });
  const { stacks } = JSON.parse(stdout) as { stacks: readonly { id: StackId; file: string }[] };
  return stacks.map(({ id, file }) => {
    const text = readFileSync(join(project, file), 'utf8');
    return { id, engine: engineOf(id, file), text, digest: digestOf(text) };
  });
}

/** By the file: code of any age tells that much of what it wrote. */
function engineOf(id: StackId, file: string): EngineName {
  const plugin = enginePlugins().find((each) => each.fileOf(id) === file);
  if (plugin === undefined) throw new Error(`error: no engine of this Tandem writes ${id} to ${file}`);
  return plugin.name;
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = `${stderr}\n${messageOf(error)}`.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.find((line) => /error/i.test(line) && !line.startsWith('Command failed')) ?? lines[0] ?? 'no reason given'
  );
}
