import { join } from 'node:path';
import { hasErrors } from '../config/check.ts';
import { formatProblem } from '../config/diagnostic.ts';
import type { ConfigFiles } from '../config/files.ts';
import { loadProject } from '../config/load.ts';
import type { Project } from '../config/project.ts';
import type { StackDefinition } from '../engines/definition.ts';
import { customModules } from '../engines/own-modules.ts';
import { foreignCode } from '../git/errors.ts';
import { withCommit } from '../git/extract.ts';
import { allowsForeignCode } from '../git/foreign.ts';
import type { Git } from '../git/git.ts';
import type { Base, BaseStack } from '../plan/base.ts';
import { baseConfigurationInvalid } from '../plan/errors.ts';
import type { Source } from '../plan/model.ts';
import { resolveRef } from '../stack/config-ref.ts';
import { hashOfParts } from '../stack/content-hash.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import type { ArtefactCache } from './artefact-cache.ts';
import { synthesizeAtCommit } from './at-commit.ts';
import { stacksOf } from './catalogue.ts';
import { type CommitCode, codeOfCommit } from './commit-code.ts';
import { type SynthesisOptions, synthesize } from './synthesize.ts';

export interface CommitRequest {
  readonly root: string;
  /** Full id. */
  readonly commit: string;
  readonly git: Git;
  readonly files: ConfigFiles;
  readonly cache: ArtefactCache;
  readonly log: (line: string) => void;
  readonly synthesis: SynthesisOptions;
  /** Stacks that are asked for, of those that the commit has. */
  readonly wanted: (definitions: readonly StackDefinition[]) => ReadonlySet<StackId>;
}

/**
 * The stacks of a commit, made with that commit's configuration and code. Where its code is the one that runs, which is the rule, they
 * are synthesized in this process and mostly come from the cache; else that commit's own code makes them, in a folder of its own.
 * @throws TandemError `base-configuration-invalid`, `base-code-failed`, `foreign-code`
 */
export async function baseOfCommit(request: CommitRequest): Promise<Base> {
  const { root, commit, git } = request;
  const code = await codeOfCommit(request);
  const isForeign = async () => !allowsForeignCode(process.env) && !(await git.isOwn(commit));
  if (code !== undefined && (await isForeign()))
    throw foreignCode(`the code of ${commit.slice(0, 10)}`, "the commit is in no branch of the project's remote");
  if (code !== undefined) return { kind: 'commit', ref: commit, stacks: await elsewhere(request, code) };
  // The user's own stacks are the commit's as well.
  if (await git.isSame(commit, ['stacks'])) return await inProcess(request, root);
  return await withCommit(root, commit, folderOf(request), async (folder) => {
    if (customModules(folder).length > 0 && (await isForeign()))
      throw foreignCode(
        `stacks/custom of ${commit.slice(0, 10)}`,
        "the commit is in no branch of the project's remote",
      );
    return await inProcess(request, folder);
  });
}

async function inProcess(request: CommitRequest, root: string): Promise<Base> {
  const { commit, files } = request;
  const { project: loaded, problems } = loadProject(files);
  if (loaded === undefined || hasErrors(problems)) {
    const [first] = problems.filter((problem) => problem.severity === 'error');
    throw baseConfigurationInvalid(commit, problems.length, first === undefined ? '' : formatProblem(first));
  }
  const project = { ...loaded, root };
  const definitions = stacksOf(project);
  const only = request.wanted(definitions);
  const made = await synthesize(definitions, { ...request.synthesis, only });
  const stacks = new Map<StackId, BaseStack>(made.map((stack) => [stack.id, toBase(stack, commit, project)]));
  // What was not asked for is there all the same: nothing waits for it.
  for (const { id, engine, files: own, target } of definitions)
    if (!stacks.has(id)) stacks.set(id, { id, engine, text: '', digest: '', commit, files: own, target });
  return { kind: 'commit', ref: commit, stacks };
}

async function elsewhere(request: CommitRequest, code: CommitCode): Promise<Map<StackId, BaseStack>> {
  const { commit, cache, log, files } = request;
  const { project } = loadProject(files);
  const known = new Map((project === undefined ? [] : stacksOf(project)).map((each) => [each.id, each]));
  const key = hashOfParts(['tandem.commit/1', commit, process.version]);
  const made = await synthesizeAtCommit({ key, folder: folderOf(request), commit, code, cache, log });
  return new Map(
    made.map((stack) => {
      const { files: own = [], target } = known.get(stack.id) ?? {};
      return [stack.id, { ...stack, commit, files: own, target }];
    }),
  );
}

/** Inside the project, from where imports find the packages that are installed in it; another process may be at the same commit. */
function folderOf({ root, commit }: CommitRequest): string {
  return join(root, '.tandem', 'cache', 'code', `${commit}-${process.pid}`);
}

function toBase(stack: SynthesizedStack, commit: string, project: Project): BaseStack {
  const { id, engine, text, digest, files, target } = stack;
  const locate = (address: string): Source | undefined => {
    const cited = stack.citations[address] ?? [];
    const whole = cited.find((each) => each.attribute === undefined) ?? cited[0];
    const position = whole === undefined ? undefined : resolveRef(project, whole);
    return position === undefined ? undefined : { file: position.file, line: position.line, commit };
  };
  return { id, engine, text, digest, commit, files, target, locate };
}
