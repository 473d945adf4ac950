import { withAvailability } from '../cloud-operations/plan-availability.ts';
import { commitFiles } from '../config/git-files.ts';
import type { Project } from '../config/project.ts';
import { difference } from '../engines/difference.ts';
import { commandGit } from '../git/command-git.ts';
import type { Git } from '../git/git.ts';
import { noSuchCommit } from '../plan/errors.ts';
import type { Plan } from '../plan/model.ts';
import { type Base, type BaseStack, goneFrom, planOffline } from '../plan/plan.ts';
import type { StackId } from '../stack/id.ts';
import { selectIds } from '../stack/select.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { baseOfCommit } from '../synthesis/base-commit.ts';
import { stacksOf } from '../synthesis/catalogue.ts';
import { cacheOf, type SynthesisOptions, synthesize } from '../synthesis/synthesize.ts';
import type { TandemContext } from './context.ts';
import { progressOf } from './progress.ts';

export interface PlanRequest {
  /** A commit, or `none`. @default the record of what was applied */
  readonly base: string | undefined;
  readonly selectors: readonly string[];
  readonly parallelism: number;
}

/** Synthesizes what is asked for and plans it against the base. */
export async function makePlan(context: TandemContext, project: Project, request: PlanRequest): Promise<Plan> {
  const git = commandGit(context.root());
  const definitions = stacksOf(project);
  const configured = new Set(definitions.map((definition) => definition.id));
  const base = await readBase(context, project, git, request, configured);
  const chosen = selectIds([...configured, ...goneFrom(base, configured).map((stack) => stack.id)], request.selectors);
  const stacks = await synthesizeWithProgress(context, definitions, { only: chosen, parallelism: request.parallelism });
  const gone = goneFrom(base, configured).filter((stack) => chosen.has(stack.id));
  return withAvailability(await planOffline({ project, stacks, gone, base, git, difference }), project, context.root());
}

/** Synthesizes through the project's cache, with progress on a terminal. */
export async function synthesizeWithProgress(
  context: TandemContext,
  definitions: ReturnType<typeof stacksOf>,
  options: Pick<SynthesisOptions, 'only' | 'parallelism'>,
): Promise<SynthesizedStack[]> {
  const progress = progressOf(context, 'synthesizing stacks');
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total);
    return await synthesize(definitions, { ...options, cache: cacheOf(context.root()), onProgress });
  } finally {
    progress.end();
  }
}

async function readBase(
  context: TandemContext,
  project: Project,
  git: Git,
  { base, selectors, parallelism }: PlanRequest,
  configured: ReadonlySet<StackId>,
): Promise<Base> {
  if (base === 'none') return { kind: 'empty', ref: '', stacks: new Map() };
  if (base === undefined) return { kind: 'record', ref: '', stacks: await readRecords(context, project) };
  const root = context.root();
  const commit = await git.resolve(base);
  if (commit === undefined) throw noSuchCommit(base, await git.isShallow());
  const progress = progressOf(context, `synthesizing stacks of ${commit.slice(0, 10)}`);
  try {
    return await baseOfCommit({
      root,
      commit,
      git,
      files: commitFiles(root, commit),
      cache: cacheOf(root),
      log: (line) => context.log(`${line}\n`),
      synthesis: { cache: cacheOf(root), parallelism, onProgress: (done, total) => progress.update(done, total) },
      wanted: (definitions) => {
        const all = [...new Set([...configured, ...definitions.map((each) => each.id)])];
        return selectIds(all, selectors);
      },
    });
  } finally {
    progress.end();
  }
}

/** From wherever the organisation keeps its state. */
async function readRecords(context: TandemContext, project: Project): Promise<Map<StackId, BaseStack>> {
  const { openProjectStores } = await import('../state/project-stores.ts');
  const environment = context.process.env;
  const stores = await openProjectStores({ root: context.root(), project, environment });
  try {
    const stacks = new Map<StackId, BaseStack>();
    for (const { stack, engine, artefact: text, digest, commit, files } of await stores.records.list())
      stacks.set(stack, { id: stack, engine, text, digest, commit, files });
    return stacks;
  } finally {
    await stores.close();
  }
}
