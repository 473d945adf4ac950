import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Entity, Project } from '../config/project.ts';
import { foreignCode } from '../git/errors.ts';
import { allowsForeignCode, isForkEvent } from '../git/foreign.ts';
import { isIsolated } from '../processes/isolated.ts';
import { contentHash, hashOfParts } from '../stack/content-hash.ts';
import { customStackBackend, customStackFailed, customStackInvalid } from '../stack/errors.ts';
import type { StackId } from '../stack/id.ts';
import { digestOf } from '../stack/synthesized.ts';
import { cacheOf } from '../synthesis/artefact-cache.ts';
import { codeHash, projectCodeHash } from '../synthesis/code.ts';
import { type ApartEnd, answerIn, inTemporary, runApart, runApartNow, temporary } from './apart.ts';
import type { Artefact, StackDefinition } from './definition.ts';
import { type DescribedStack, describeStacks, type ModuleFault } from './load-custom.ts';
import { customModules } from './own-modules.ts';

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

/** Which module a check runs: what is left of one that never ends. */
export const BEGUN = 'begun';

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
  const request: CustomRequest = { ask: 'describe', root, project: plain };
  const answer = inTemporary((folder) =>
    readAnswer(folder, runApartNow({ program: 'custom-main', root, folder, request, timeout: TIMEOUT })),
  );
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

async function ask(definitions: readonly StackDefinition[], what: 'synthesize' | 'assemble', folder: string) {
  const root = definitions.find((each) => each.root !== undefined)?.root ?? '';
  const out = join(folder, 'out');
  mkdirSync(out);
  const request: CustomRequest = { ask: what, definitions, folder: out };
  return readAnswer(folder, await runApart({ program: 'custom-main', root, folder, request, timeout: TIMEOUT }));
}

/** In milliseconds. */
const TIMEOUT = 300_000;

export function readAnswer(folder: string, { stderr }: ApartEnd): CustomAnswer {
  let answer: CustomAnswer;
  try {
    answer = answerIn(folder, stderr) as CustomAnswer;
  } catch (error) {
    throw customStackFailed('stacks/custom', 'its process failed', error);
  }
  if (!('error' in answer)) return answer;
  const { code, message, details } = answer.error;
  const { file = 'stacks/custom', what = 'synthesis failed', why = message } = details as Record<string, string>;
  if (code === 'custom-stack-backend') throw customStackBackend(file);
  throw code === 'custom-stack-invalid' ? customStackInvalid(file, why) : customStackFailed(file, what, why);
}

export function toPlain({ root: _root, ...parts }: Project): PlainProject {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      part instanceof Map ? [...part].map(([key, each]: [string, unknown]) => [key, bare(each)]) : bare(part),
    ]),
  );
}

/** An entity without its place in the files; anything else as it is. */
function bare(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('origin' in part)) return part;
  const { kind, name, file, value } = part as Entity<unknown>;
  return { kind, name, file, value };
}

/** The other way round, in the other process. */
export function fromPlain(root: string, plain: PlainProject): Project {
  const parts = Object.entries(plain).map(
    ([name, part]) => [name, Array.isArray(part) ? new Map(part as [string, unknown][]) : part] as const,
  );
  return { root, ...(Object.fromEntries(parts) as object) } as Project;
}
