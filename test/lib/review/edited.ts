import { join } from 'node:path';
import { directoryFiles, memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { difference } from '../../../lib/engines/plugins.ts';
import type { Base } from '../../../lib/plan/base.ts';
import type { Plan } from '../../../lib/plan/model.ts';
import { goneFrom, planOffline } from '../../../lib/plan/plan.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';
import { BARE } from '../../bare.ts';
import { synthesisCache } from '../../synthesis-cache.ts';
import { memoryGit } from '../git/memory-git.ts';

const shippedFiles = directoryFiles(join(import.meta.dirname, '../../..'));
const FOLDERS = ['', 'blueprints', 'clouds', 'dev', 'environments', 'links', 'prices'];

export type ConfigText = Record<string, string>;

/** Every file of the shipped configuration, by path; Anna and Bruno lease bare servers. */
export function shippedText(): ConfigText {
  const files: ConfigText = { ...BARE };
  for (const folder of FOLDERS)
    for (const name of shippedFiles.list(folder === '' ? 'config' : `config/${folder}`)) {
      const path = folder === '' ? `config/${name}` : `config/${folder}/${name}`;
      if (name.endsWith('.yaml')) files[path] = Buffer.from(shippedFiles.read(path)).toString();
    }
  for (const name of ['anna', 'bruno'])
    replaceIn(files, `config/dev/${name}.yaml`, 'blueprint: di\n', 'blueprint: bare\n');
  return files;
}

export function loadText(files: ConfigText): Project {
  const { project, problems } = loadProject(memoryFiles(files));
  const [error] = problems.filter(({ severity }) => severity === 'error');
  if (project === undefined || error !== undefined) throw new Error(`invalid: ${error?.message ?? 'no project'}`);
  return project;
}

export interface Edit {
  /** Changes the text of the configuration. */
  readonly edit?: (files: ConfigText) => void;
  /** Changes what was made of it, for what no configuration can say. */
  readonly artefact?: (parsed: Record<string, never>, id: StackId) => void;
  /** The stacks to plan. */
  readonly stacks: readonly StackId[];
  /** Nothing was there before. @default false */
  readonly fromNothing?: boolean;
}

export interface Edited {
  readonly plan: Plan;
  readonly project: Project;
  readonly base: Project;
}

/** The plan of an edit of the shipped configuration, against the shipped configuration. */
export async function planEdit({ edit, artefact, stacks, fromNothing = false }: Edit): Promise<Edited> {
  const files = shippedText();
  const base = loadText(files);
  edit?.(files);
  const project = loadText(files);
  const only = new Set(stacks);
  const made = await synthesize(stacksOf(project), { only, cache: synthesisCache });
  const old = fromNothing ? [] : await synthesize(stacksOf(base), { only, cache: synthesisCache });
  const edited = made.map((stack) => (artefact === undefined ? stack : withArtefact(stack, artefact)));
  const git = memoryGit();
  const commit = git.commit('shipped', shippedText());
  git.commit('edited', files);
  const stacksBefore = new Map(old.map((stack) => [stack.id, { ...stack, commit }]));
  const asBase: Base = { kind: 'commit', ref: commit, stacks: stacksBefore };
  const gone = goneFrom(asBase, new Set(made.map(({ id }) => id)));
  const plan = await planOffline({ project, stacks: edited, gone, base: asBase, git, difference });
  return { plan, project, base };
}

function withArtefact(stack: SynthesizedStack, change: NonNullable<Edit['artefact']>): SynthesizedStack {
  const parsed = JSON.parse(stack.text) as Record<string, never>;
  change(parsed, stack.id);
  return { ...stack, text: JSON.stringify(parsed), digest: `sha256:${'e'.repeat(64)}` };
}

/** Replaces a text that stands there once. */
export function replaceIn(files: ConfigText, file: string, from: string, to: string): void {
  const text = files[file];
  if (text?.split(from).length !== 2) throw new Error(`${file} has not one "${from}"`);
  files[file] = text.replace(from, to);
}
