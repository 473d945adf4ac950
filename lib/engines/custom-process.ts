import { execFile, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, sep } from 'node:path';
import type { Entity, Project } from '../config/project.ts';
import { openNoFollow } from '../fs/trusted.ts';
import { foreignCode } from '../git/errors.ts';
import { allowsForeignCode, isForkEvent } from '../git/foreign.ts';
import { type IsolatedStart, isIsolated, isolated, packageFolders } from '../processes/isolated.ts';
import { contentHash, hashOfParts } from '../stack/content-hash.ts';
import { customStackBackend, customStackFailed, customStackInvalid } from '../stack/errors.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import { cacheOf } from '../synthesis/artefact-cache.ts';
import { CODE_ROOT, codeHash, projectCodeHash } from '../synthesis/code.ts';
import type { Artefact, StackDefinition } from './definition.ts';
import { customModules, type DescribedStack, describeStacks, type ModuleFault } from './load-custom.ts';

/** What the process is asked, on its standard input. */
export type CustomRequest =
  | { readonly ask: 'describe'; readonly root: string; readonly project: PlainProject }
  | { readonly ask: 'check'; readonly root: string; readonly project: PlainProject }
  | {
      readonly ask: 'synthesize' | 'assemble';
      readonly definitions: readonly StackDefinition[];
      readonly folder: string;
    };

/** What it writes to `answer.json` in its folder. */
export type CustomAnswer =
  | { readonly stacks: readonly DescribedStack[] }
  | { readonly faults: readonly ModuleFault[] }
  | { readonly artefacts: readonly (readonly [StackId, Artefact])[] }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };

export const ANSWER = 'answer.json';
/** Which module a check runs: what is left of one that never ends. */
export const BEGUN = 'begun';
const KINDS = ['clouds', 'environments', 'blueprints', 'leases', 'prices'] as const;

/** A project as it goes to another process: values by name, without their places in the files. */
export type PlainProject = Readonly<Record<string, unknown>>;

/** What the project's own stacks say of themselves; asked once for the same code and configuration. @throws TandemError */
export function describedStacks(root: string, project: Project): readonly DescribedStack[] {
  const [first] = customModules(root);
  if (first === undefined) return [];
  if (isForkEvent(process.env) && !allowsForeignCode(process.env))
    throw foreignCode(first, 'this job is for the pull request of a fork');
  if (isIsolated()) return describeStacks(root, project);
  const plain = toPlain(project);
  const key = hashOfParts(['tandem.custom/1', codeHash(), projectCodeHash(root), contentHash(plain)]);
  const cache = cacheOf(root);
  const known = cache.read(key);
  if (known !== undefined) return JSON.parse(known.text) as DescribedStack[];
  const answer = inFolder((folder) => {
    const { program, args, env } = startApart('custom-main', root, folder);
    const input = JSON.stringify({ ask: 'describe', root, project: plain } satisfies CustomRequest);
    const { stderr } = spawnSync(program, args, { cwd: root, env, input, timeout: TIMEOUT, maxBuffer: 16 << 20 });
    return readAnswer(folder, stderr.toString());
  });
  const { stacks } = answer as { stacks: readonly DescribedStack[] };
  const text = JSON.stringify(stacks);
  cache.write(key, { text, digest: digestOf(text), citations: '' });
  return stacks;
}

/** Artefacts of custom stacks, which come back as text. @throws TandemError `custom-stack-failed`, `custom-stack-invalid` */
export async function synthesizeApart(definitions: readonly StackDefinition[]): Promise<Map<StackId, Artefact>> {
  const folder = temporary();
  try {
    const { artefacts } = (await ask(definitions, 'synthesize', folder)) as { artefacts: [StackId, Artefact][] };
    return new Map(artefacts.filter(([id]) => definitions.some((each) => each.id === id)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All that an engine's own CLI writes, in `<folder>/out`. The caller removes the folder, which `temporary` made. @throws TandemError */
export async function assembleApart(definitions: readonly StackDefinition[], folder: string): Promise<string> {
  await ask(definitions, 'assemble', folder);
  return join(folder, 'out');
}

/** A folder of this user alone. */
export function temporary(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'tandem-code-'));
}

async function ask(definitions: readonly StackDefinition[], what: 'synthesize' | 'assemble', folder: string) {
  const root = definitions.find((each) => each.root !== undefined)?.root ?? '';
  const out = join(folder, 'out');
  mkdirSync(out);
  const { program, args, env } = startApart('custom-main', root, folder);
  const stderr = await new Promise<string>((resolve) => {
    const options = { cwd: root, env, timeout: TIMEOUT, maxBuffer: 16 << 20 };
    const child = execFile(program, args, options, (_, __, errors) => resolve(errors));
    const input = JSON.stringify({ ask: what, definitions, folder: out } satisfies CustomRequest);
    // One that fails reads no question; its answer is missing then.
    child.stdin?.on('error', () => undefined).end(input);
  });
  return readAnswer(folder, stderr);
}

/** In milliseconds. */
const TIMEOUT = 300_000;

function inFolder<T>(work: (folder: string) => T): T {
  const folder = temporary();
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a program of this folder runs the code of a project, which writes to `folder` alone. */
export function startApart(program: string, root: string, folder: string): IsolatedStart {
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

export function readAnswer(folder: string, stderr: string): CustomAnswer {
  let text: string;
  try {
    const handle = openNoFollow(join(folder, ANSWER), constants.O_RDONLY);
    text = readFileSync(handle, 'utf8');
    closeSync(handle);
  } catch {
    const words = stderr.split('\n').find((line) => /error/i.test(line)) ?? 'it ended without an answer';
    throw customStackFailed('stacks/custom', 'its process failed', new Error(words));
  }
  const answer = JSON.parse(text) as CustomAnswer;
  if (!('error' in answer)) return answer;
  const { code, message, details } = answer.error;
  const { file = 'stacks/custom', what = 'synthesis failed', why = message } = details as Record<string, string>;
  if (code === 'custom-stack-backend') throw customStackBackend(file);
  throw code === 'custom-stack-invalid' ? customStackInvalid(file, why) : customStackFailed(file, what, why);
}

export function toPlain(project: Project): PlainProject {
  const bare = ({ kind, name, file, value }: Entity<unknown>) => ({ kind, name, file, value });
  const maps = KINDS.map((kind) => [kind, [...project[kind]].map(([name, entity]) => [name, bare(entity)])]);
  return {
    organisation: bare(project.organisation),
    userData: [...(project.userData ?? [])],
    ...(Object.fromEntries(maps) as object),
  };
}

/** The other way round, in the other process. */
export function fromPlain(root: string, plain: PlainProject): Project {
  const maps = [...KINDS, 'userData'].map((kind) => [kind, new Map(plain[kind] as [string, unknown][])]);
  return { root, organisation: plain['organisation'], ...(Object.fromEntries(maps) as object) } as Project;
}
