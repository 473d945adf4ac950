import { type Problem, sortProblems, uniqueProblems } from './diagnostic.ts';
import type { ConfigFiles } from './files.ts';
import { type LoadResult, loadProject } from './load.ts';
import type { Project } from './project.ts';
import { rules } from './rules/index.ts';
import { followsFrom } from './salvage.ts';

/**
 * Every problem of a configuration, sorted: those that loading found, and those of the rules between and inside files.
 * Pure; never throws for what is in the files.
 */
export function checkProject(loaded: LoadResult, today: Date): Problem[] {
  const input = { ...loaded.parts, names: loaded.names, today };
  const found = rules.flatMap((rule) => rule(input)).filter((problem) => !followsFrom(problem, loaded.pruned));
  return sortProblems(uniqueProblems([...loaded.problems, ...found]));
}

export interface CheckedProject {
  /** What could be loaded, as in `LoadResult`; usable where no problem is an error. */
  readonly project?: Project;
  readonly problems: readonly Problem[];
}

/** Reads `config/` and checks it: what commands start from. */
export function loadAndCheck(files: ConfigFiles, today: Date): CheckedProject {
  const loaded = loadProject(files);
  const problems = checkProject(loaded, today);
  return loaded.project === undefined ? { problems } : { project: loaded.project, problems };
}

/** Whether anything stops `synth`, `plan` and what follows; warnings do not. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
