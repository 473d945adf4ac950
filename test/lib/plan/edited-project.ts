import { join } from 'node:path';
import { memoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import type { Project } from '../../../lib/config/project.ts';
import { difference, exchange } from '../../../lib/engines/plugins.ts';
import type { BaseStack } from '../../../lib/plan/base.ts';
import type { History } from '../../../lib/plan/history.ts';
import type { Plan, StackPlan } from '../../../lib/plan/model.ts';
import { goneFrom, planOffline } from '../../../lib/plan/plan.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { matcherOf } from '../../../lib/stack/select.ts';
import type { SynthesizedStack } from '../../../lib/stack/synthesized.ts';
import { stacksOf } from '../../../lib/synthesis/catalogue.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { synthesize } from '../../../lib/synthesis/synthesize.ts';
import { filesBelow } from '../../stacks/folders.ts';
import { synthesisCache } from '../../synthesis-cache.ts';
import { memoryGit } from '../git/memory-git.ts';

/** By file: its new content, or none. */
type Edits = Readonly<Record<string, (text: string) => string>>;

/** The shipped configuration. */
export function shippedFiles(): Record<string, string> {
  const found = Object.entries(filesBelow(join(CODE_ROOT, 'config')));
  return Object.fromEntries(found.map(([file, text]) => [`config/${file}`, text]));
}

export function edited(files: Readonly<Record<string, string>>, edits: Edits): Record<string, string> {
  const changed = Object.entries(edits).map(([file, edit]) => {
    const [before, after] = [files[file] ?? '', edit(files[file] ?? '')];
    if (before === after) throw new Error(`the edit of ${file} changes nothing`);
    return [file, after];
  });
  return { ...files, ...(Object.fromEntries(changed) as object) };
}

function projectOf(files: Readonly<Record<string, string>>): Project {
  const { project, problems } = loadProject(memoryFiles(files));
  if (project === undefined) throw new Error(JSON.stringify(problems[0]));
  return project;
}

export interface Edit {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** Stacks to plan. */
  readonly only: string;
  /** What the base says of each stack, besides what its configuration gives. */
  readonly recorded?: (stack: SynthesizedStack) => Partial<BaseStack>;
  readonly git?: History;
}

/** The offline plan from one configuration to another, as against records. */
export async function planEdit({ before, after, only, recorded = () => ({}), git = memoryGit() }: Edit): Promise<Plan> {
  const matches = matcherOf(only);
  const made = async (project: Project): Promise<SynthesizedStack[]> => {
    const definitions = stacksOf(project);
    return await synthesize(definitions, {
      only: new Set(definitions.map(({ id }) => id).filter(matches)),
      cache: synthesisCache,
    });
  };
  const [old, project] = [await made(projectOf(before)), projectOf(after)];
  const stacks = new Map<StackId, BaseStack>(old.map((each) => [each.id, { ...each, commit: '', ...recorded(each) }]));
  const base = { kind: 'record', ref: '', stacks } as const;
  const gone = goneFrom(base, new Set(stacksOf(project).map(({ id }) => id)));
  return await planOffline({ project, stacks: await made(project), gone, base, git, difference, exchange });
}

export function stackOf(plan: Plan, id: string): StackPlan {
  const found = plan.stacks.find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is not in the plan`);
  return found;
}
