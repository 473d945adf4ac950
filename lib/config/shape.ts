import type { z } from 'zod';
import { meantBy } from '../text/nearest.ts';
import { type BetweenParams, type Problem, splitBecause } from './diagnostic.ts';
import type { ConfigPath, Origin } from './origin.ts';
import { keysAt, schemasAt, valueAt } from './schema-walk.ts';
import { secretIn } from './secret-in-text.ts';
import { expected, show, sizeProblem, typeFix } from './shape-fix.ts';
import { keySuggestion, suggestion } from './suggest.ts';

/** Checks a value's shape against its schema: the typed value, or every problem at its place. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
  origin: Origin,
): { value?: z.output<T>; problems: Problem[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  const issues = withoutConsequences(result.error.issues, schema);
  return { problems: onePerPlace(issues.flatMap((issue) => toProblems(issue, { schema, value, origin }))) };
}

/** A value that fails two checks is told of the first: fixing that may well fix the other. */
function onePerPlace(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const place = `${problem.file}:${problem.line}:${problem.column} ${problem.path}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

/** A key that was mistyped is also missing: one slip, told once, where it was made. */
function withoutConsequences(issues: readonly Issue[], schema: z.ZodType): readonly Issue[] {
  const meant = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const known = keysAt(schema, issue.path.filter(isPathPart));
    for (const key of issue.keys) meant.add(JSON.stringify([...issue.path, meantBy(key, known)]));
  }
  return issues.filter((issue) => {
    if (issue.input === undefined) return !meant.has(JSON.stringify(issue.path));
    // Beyond all whole numbers is beyond the field's own limit too, which says more.
    return issue.code !== 'too_big' || issue.maximum !== Number.MAX_SAFE_INTEGER;
  });
}

function isPathPart(part: PropertyKey): part is string | number {
  return typeof part !== 'symbol';
}

type Issue = z.core.$ZodIssue;

/** The value that is checked: advice must pass the schema, and not repeat what stands beside it. */
interface Checked {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly origin: Origin;
}

function toProblems(issue: Issue, checked: Checked): Problem[] {
  const { schema, value, origin } = checked;
  const path = issue.path.filter(isPathPart);
  const at = origin.at(...path);
  const isSecret = typeof issue.input === 'string' && secretIn(issue.input) !== undefined;
  const got = isSecret ? 'got text that is not shown' : `got ${show(issue.input)}`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => {
        const { file } = at.at(key).keyPosition;
        // What another layer writes may be written here too, to override it.
        const written = known.filter((each) => at.at(each).isWritten && at.at(each).keyPosition.file === file);
        const fix = keySuggestion(key, known, written);
        return at.at(key).problem('unknown-key', `got ${show(key)}; there is no such key here`, fix, { key: true });
      });
    }
    case 'invalid_type':
      if (issue.input === undefined) return [missing(at, `<${expected(issue.expected)}>`)];
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input))
        return [at.problem('wrong-type', `${got}; a finite number is expected`, 'write a number')];
      return [
        at.problem(
          'wrong-type',
          `${got}; ${expected(issue.expected)} is expected`,
          typeFix(issue.input, issue.expected, at, schemasAt(schema, path)),
        ),
      ];
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (issue.input === undefined) return [missing(at, `one of ${values.join(', ')}`)];
      return [
        at.problem(
          'wrong-value',
          `${got}; it is not one of the accepted values`,
          suggestion(typeof issue.input === 'string' ? issue.input : show(issue.input), notBeside(values, path, value)),
        ),
      ];
    }
    case 'too_small':
    case 'too_big':
      return [sizeProblem(at, got, issue)];
    case 'invalid_key':
      return issue.issues.slice(0, 1).flatMap((inner) => {
        const { why, fix } = splitBecause(inner.message);
        return [at.problem('bad-name', `got ${show(path.at(-1))}; ${why}`, fix ?? 'write another name', { key: true })];
      });
    case 'invalid_union': {
      // The alternative that got furthest is the one that was meant.
      const nearest = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0] ?? [];
      return nearest.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, checked));
    }
    default: {
      const nearer = nearerSide(issue, checked);
      if (nearer !== undefined) return [nearer];
      const { why, fix } = splitBecause(issue.message);
      // Somebody wrote the secret itself: it must not go on into a log.
      const shown = why.startsWith('configuration holds references to secrets')
        ? 'got text that is no reference (not shown)'
        : why.startsWith('it is no public key of age')
          ? 'got text that is not shown'
          : got;
      return [
        at.problem(
          'bad-value',
          `${shown}; ${fix === undefined ? lower(why) : why}`,
          fix ?? 'see docs/reference/configuration.md for what is accepted',
        ),
      ];
    }
  }
}

/** Of a check between several values, the problem at the one that a nearer layer writes than the first. */
function nearerSide(issue: Issue, { value, origin }: Checked): Problem | undefined {
  const { own, others } = ((issue as { params?: BetweenParams }).params ?? {
    own: 0,
    others: [],
  }) satisfies BetweenParams;
  const path = issue.path.filter(isPathPart);
  const around = path.slice(0, path.length - own);
  const sides = others.map(([inner, message]) => ({ at: origin.at(...around, ...inner), message }));
  const nearest = sides.reduce<(typeof sides)[number] | undefined>(
    (best, side) => (side.at.depth < (best ?? { at: origin.at(...path) }).at.depth ? side : best),
    undefined,
  );
  if (nearest === undefined) return undefined;
  const { why, fix = '' } = splitBecause(nearest.message);
  return nearest.at.problem('bad-value', `got ${show(valueAt(value, nearest.at.path))}; ${why}`, fix);
}

/** Told where it is to be written: the base may have what stands around it, and need not be complete. */
function missing(at: Origin, what: string): Problem {
  const key = String(at.path.at(-1) ?? '');
  return at.own.problem('missing-key', `"${key}" is missing; it has no default`, `write ${key}: ${what}`);
}

/** Of the values of a list, those that the list does not have yet. */
function notBeside(values: readonly string[], path: ConfigPath, value: unknown): readonly string[] {
  const list = typeof path.at(-1) === 'number' ? valueAt(value, path.slice(0, -1)) : undefined;
  return Array.isArray(list) ? values.filter((each) => !list.includes(each)) : values;
}

function deepest(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
