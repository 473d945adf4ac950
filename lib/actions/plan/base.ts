import { commitFiles } from '../../config/git-files.ts';
import type { Project } from '../../config/project.ts';
import { recordedTarget } from '../../engines/recorded-target.ts';
import type { Git } from '../../git/git.ts';
import type { Base, BaseStack } from '../../plan/base.ts';
import { noCommonCommit, noSuchCommit } from '../../plan/errors.ts';
import type { StackId } from '../../stack/id.ts';
import { selectIds } from '../../stack/select.ts';
import { brokenStateFile } from '../../state/errors.ts';
import { cacheOf } from '../../synthesis/artefact-cache.ts';
import { baseOfCommit } from '../../synthesis/base-commit.ts';
import { type ActionContext, inform, warnerOf } from '../context.ts';
import { synthesisOptions } from '../synthesize.ts';

export interface BaseRequest {
  /** A commit, a branch, which stands for where it and HEAD began to differ, or `none`; undefined for the record of what was applied. */
  readonly base?: string | undefined;
  readonly selectors: readonly string[];
  readonly configured: ReadonlySet<StackId>;
}

/** What a plan compares with. @throws TandemError `no-such-commit`, `no-common-commit` */
export async function readBase(
  context: ActionContext,
  project: Project,
  git: Git,
  { base, selectors, configured }: BaseRequest,
): Promise<Base> {
  if (base === 'none') return { kind: 'empty', ref: '', stacks: new Map() };
  if (base === undefined) return { kind: 'record', ref: '', ...(await readRecords(context, project)) };
  const { root } = context;
  const { commit, branch } = await resolveBase(git, base);
  const found = await baseOfCommit({
    root,
    commit,
    git,
    files: commitFiles(root, commit),
    cache: cacheOf(root),
    log: (line) => inform(context, line),
    synthesis: synthesisOptions(context, `synthesizing stacks of ${commit.slice(0, 10)}`),
    wanted: (definitions) => {
      const all = [...new Set([...configured, ...definitions.map((each) => each.id)])];
      return selectIds(all, selectors);
    },
  });
  return branch === undefined ? found : { ...found, branch };
}

/** A branch goes on while others work: what this checkout changes is told from where both began to differ. */
async function resolveBase(git: Git, rev: string): Promise<Pick<Base, 'branch'> & { readonly commit: string }> {
  const [tip, head, name] = await Promise.all([git.resolve(rev), git.head(), git.branchOf(rev)]);
  if (tip === undefined) {
    const remote = `origin/${rev}`;
    throw noSuchCommit(rev, await git.isShallow(), (await git.resolve(remote)) === undefined ? undefined : remote);
  }
  if (name === undefined || head === undefined) return { commit: tip };
  const commit = await git.mergeBase(head, tip);
  if (commit === undefined) throw noCommonCommit(name, tip, await git.isShallow());
  return { commit, branch: { name, behind: await git.countSince(head, tip) } };
}

/** From wherever the organisation keeps its state. */
async function readRecords(context: ActionContext, project: Project): Promise<Pick<Base, 'stacks' | 'unreadable'>> {
  const { openProjectStores } = await import('../../deploy/project-stores.ts');
  const { root, environment } = context;
  const stores = await openProjectStores({ root, project, environment, warn: warnerOf(context) });
  try {
    const stacks = new Map<StackId, BaseStack>();
    for (const record of await stores.records.list()) {
      const { stack, engine, artefact: text, digest, commit, files, by, at } = record;
      const applied = { by, at };
      stacks.set(stack, { id: stack, engine, text, digest, commit, files, applied, target: recordedTarget(record) });
    }
    const unreadable = new Map<StackId, string>();
    for (const { name, where, why } of await stores.records.broken())
      unreadable.set(name as StackId, brokenStateFile(where, why).message);
    return { stacks, unreadable };
  } finally {
    await stores.close();
  }
}
