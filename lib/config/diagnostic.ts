import { z } from 'zod';
import type { Described } from '../text/described.ts';
import { printableLine } from '../text/printable.ts';

/** One problem in the configuration, with where it is and how to fix it. Format `tandem.diagnostics/1`. */
export const problemSchema = z.strictObject({
  /** Stable, kebab-case, e.g. `unknown-key`. */
  code: z.string(),
  /** Errors stop `synth`, `plan` and everything after; warnings are shown and let pass. */
  severity: z.enum(['error', 'warning']),
  /** Relative to the project's root, e.g. `config/clouds/paris.yaml`. */
  file: z.string(),
  /** 1-based. */
  line: z.int().min(1),
  /** 1-based, in UTF-16 code units, as editors count. */
  column: z.int().min(1),
  /** Dotted, e.g. `tiers.web.count`; empty for the whole file. */
  path: z.string(),
  /** What was received; why it is wrong. */
  message: z.string(),
  /** What to write instead. */
  fix: z.string(),
});

export type Problem = Described<typeof problemSchema>;

/** One line, whatever the names and values that it quotes hold. */
export function formatProblem(problem: Problem): string {
  const path = problem.path === '' ? '' : ` ${problem.path}`;
  const severity = problem.severity === 'warning' ? ' warning:' : ':';
  return printableLine(
    `${problem.file}:${problem.line}:${problem.column}${path}${severity} ${problem.message}; ${problem.fix}`,
  );
}

/** By file, line and column, so that output is the same whatever order the checks run in. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

/** Without repetitions: a problem in a base is found again through every file that extends it. */
export function uniqueProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify([problem.file, problem.line, problem.column, problem.code, problem.message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A problem of a file as a whole. */
export function wholeFileProblem(code: string, file: string, message: string, fix: string): Problem {
  return { code, severity: 'error', file, line: 1, column: 1, path: '', message, fix };
}

/** By code units, the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SEPARATOR = ' ;; ';

/** Text for a zod check that carries both halves of a problem: why it is wrong, and what to write. */
export function because(why: string, fix: string): string {
  return `${why}${SEPARATOR}${fix}`;
}

/**
 * A zod check between values that may stand in several layers, as `because` says it of the value at `path`; where a nearer layer writes one
 * of the others, the problem stands there.
 * @param paths relative to the checked object
 */
export function between(
  [path, message]: readonly [path: readonly string[], message: string],
  ...others: readonly (readonly [path: readonly string[], message: string])[]
): { code: 'custom'; path: string[]; message: string; params: BetweenParams } {
  return { code: 'custom', path: [...path], message, params: { own: path.length, others } };
}

export interface BetweenParams {
  /** Length of the path that is relative. */
  readonly own: number;
  readonly others: readonly (readonly [path: readonly string[], message: string])[];
}

export function splitBecause(message: string): { why: string; fix: string | undefined } {
  const at = message.indexOf(SEPARATOR);
  return at < 0
    ? { why: message, fix: undefined }
    : { why: message.slice(0, at), fix: message.slice(at + SEPARATOR.length) };
}
