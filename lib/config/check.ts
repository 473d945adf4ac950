import { type Problem, sortProblems, uniqueProblems } from './diagnostic.ts';
import type { ConfigFiles } from './files.ts';
import { type LoadResult, loadProject } from './load.ts';
import type { Project } from './project.ts';
import { rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import { followsFrom } from './salvage.ts';

/**
 * Every problem of a configuration, sorted: those that loading found, and those of the rules between and inside files.
 * Pure, but for links that paths of the configuration lead through; never throws for what is in the files.
 * @param more rules of the rooms above, which start from a cloud's topology. They see the clouds that loaded whole and about whose
 * hosts, racks, addresses and zones nothing else was said: what stands where is not known of the others.
 */
export function checkProject(loaded: LoadResult, today: Date, more: readonly Rule[] = []): Problem[] {
  const root = loaded.project?.root;
  const input = { ...loaded.parts, names: loaded.names, today, ...(root === undefined ? {} : { root }) };
  const found = rules.flatMap((rule) => rule(input)).filter((problem) => !followsFrom(problem, loaded.pruned));
  const problems = [...loaded.problems, ...loaded.unread, ...found];
  const isSettled = ({ file, severity, path }: Problem) =>
    severity === 'warning' || !(file.startsWith('config/clouds/') && BASICS.test(path));
  const unsettled = new Set(problems.filter((problem) => !isSettled(problem)).map(({ file }) => file));
  for (const { files } of loaded.pruned) for (const file of files) unsettled.add(file);
  const clouds = new Map([...input.clouds].filter(([, { file }]) => !unsettled.has(file)));
  const above = more.flatMap((rule) => rule({ ...input, clouds }));
  return sortProblems(uniqueProblems([...problems, ...above]));
}

/** What a cloud's topology is made of. */
const BASICS = /^(?:$|layout|racks|hardware|hosts|planes|zones)(?:$|\.|\[)/;

export interface CheckedProject {
  /** What could be loaded, as in `LoadResult`; usable where no problem is an error. */
  readonly project?: Project;
  readonly problems: readonly Problem[];
}

/** Reads `config/` and checks it. Commands start from `loadChecked` of `lib/private-cloud`, which has every rule. */
export function loadAndCheck(files: ConfigFiles, today: Date, more: readonly Rule[] = []): CheckedProject {
  const loaded = loadProject(files);
  const problems = checkProject(loaded, today, more);
  return loaded.project === undefined ? { problems } : { project: loaded.project, problems };
}

/** Whether anything stops `synth`, `plan` and what follows; warnings do not. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
