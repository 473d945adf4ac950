import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { baseCodeFailed } from '../plan/errors.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf, type EngineName } from '../stack/synthesized.ts';
import type { ArtefactCache } from './artefact-cache.ts';

const exec = promisify(execFile);

export interface CommitSynthesis {
  /** Names what is made: commit and Node. */
  readonly key: string;
  readonly root: string;
  /** Where the commit is unpacked; removed afterwards. */
  readonly folder: string;
  readonly commit: string;
  readonly cache: ArtefactCache;
  readonly log: (line: string) => void;
  /** Whether the commit's packages differ: its bindings are then generated anew. */
  readonly hasOwnPackages: boolean;
  readonly extract: (folder: string) => Promise<void>;
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
  job.log(`the code of ${job.commit.slice(0, 10)} differs from this checkout's; synthesizing with its own`);
  try {
    await job.extract(job.folder);
    await linkPackages(job);
    const made = await runSynth(job.folder);
    const text = JSON.stringify(made);
    job.cache.write(job.key, { text, digest: digestOf(text), citations: '' });
    return made;
  } catch (error) {
    throw baseCodeFailed(job.commit, reasonOf(error), error);
  } finally {
    rmSync(job.folder, { recursive: true, force: true });
  }
}

async function runSynth(folder: string): Promise<MadeAtCommit[]> {
  const args = [join(folder, 'lib/cli/main.ts'), 'synth', '--json'];
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout } = await exec(process.execPath, args, { cwd: folder, env, timeout: 300_000, maxBuffer: 64 << 20 });
  const { stacks } = JSON.parse(stdout) as { stacks: readonly { id: StackId; file: string }[] };
  return stacks.map(({ id, file }) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { id, engine: engineOf(file), text, digest: digestOf(text) };
  });
}

function engineOf(file: string): EngineName {
  if (file.startsWith('kolla.out/')) return 'kolla';
  return file.startsWith('cdk.out/') ? 'cloudformation' : 'terraform';
}

/** Dependencies are this checkout's; packages that are part of the project are the commit's where they differ. */
async function linkPackages({ root, folder, hasOwnPackages }: CommitSynthesis): Promise<void> {
  const installed = join(root, 'node_modules');
  if (!hasOwnPackages) {
    symlinkSync(installed, join(folder, 'node_modules'));
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
  if (existsSync(generate)) await exec(process.execPath, [generate], { cwd: folder, timeout: 300_000 });
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = `${stderr}\n${error instanceof Error ? error.message : String(error)}`
    .split('\n')
    .filter((line) => line.trim() !== '');
  return (
    lines.find((line) => /error/i.test(line) && !line.startsWith('Command failed')) ?? lines[0] ?? 'no reason given'
  );
}
