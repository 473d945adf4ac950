import type { z } from 'zod';
import { meantBy } from '../text/nearest.ts';
import { type Problem, splitBecause } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import { keysAt } from './schema-walk.ts';
import { keySuggestion, suggestion } from './suggest.ts';
import { numberFor } from './units.ts';

/** Checks a value's shape against its schema: the typed value, or every problem at its place. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
  origin: Origin,
): { value?: z.output<T>; problems: Problem[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  const issues = withoutConsequences(result.error.issues, schema);
  return { problems: onePerPlace(issues.flatMap((issue) => toProblems(issue, schema, origin))) };
}

/** A value that fails two checks is told of the first: mending that may well mend the other. */
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

function toProblems(issue: Issue, schema: z.ZodType, origin: Origin): Problem[] {
  const path = issue.path.filter(isPathPart);
  const at = origin.at(...path);
  const got = `got ${show(issue.input)}`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path);
      return issue.keys.map((key) =>
        at.at(key).problem('unknown-key', `got ${show(key)}; there is no such key here`, keySuggestion(key, known), {
          key: true,
        }),
      );
    }
    case 'invalid_type':
      if (issue.input === undefined) return [missing(at, `<${expected(issue.expected)}>`)];
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input))
        return [at.problem('wrong-type', `${got}; a finite number belongs here`, 'write a number')];
      return [
        at.problem(
          'wrong-type',
          `${got}; ${expected(issue.expected)} belongs here`,
          typeFix(issue.input, issue.expected, at),
        ),
      ];
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (issue.input === undefined) return [missing(at, `one of ${values.join(', ')}`)];
      return [
        at.problem(
          'wrong-value',
          `${got}; it is none of the values known here`,
          suggestion(typeof issue.input === 'string' ? issue.input : show(issue.input), values),
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
      return nearest.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, schema, origin));
    }
    default: {
      const { why, fix } = splitBecause(issue.message);
      // Somebody wrote the secret itself: it must not go on into a log.
      const shown = why.startsWith('configuration holds references to secrets')
        ? 'got text that is no reference (not shown)'
        : got;
      return [
        at.problem(
          'bad-value',
          `${shown}; ${fix === undefined ? lower(why) : why}`,
          fix ?? 'see the reference for what belongs here',
        ),
      ];
    }
  }
}

function missing(at: Origin, what: string): Problem {
  const key = String(at.path.at(-1) ?? '');
  return at.problem('missing-key', `nothing is written for "${key}"; it has no default`, `write ${key}: ${what}`);
}

function deepest(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

const SIZE_UNITS: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' };

function sizeProblem(at: Origin, got: string, issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Problem {
  const { why, fix } = splitBecause(issue.message);
  const code = issue.code.replace('_', '-');
  if (fix !== undefined) return at.problem(code, `${got}; ${why}`, fix);
  const small = issue.code === 'too_small';
  const limit = Number(small ? issue.minimum : issue.maximum);
  const unit = SIZE_UNITS[issue.origin] ?? '';
  if ('exact' in issue && issue.exact)
    return at.problem(code, `${got}; there must be exactly ${limit}`, `write ${limit}${unit}`);
  if (issue.inclusive === false)
    return at.problem(
      code,
      `${got}; it must be ${small ? 'more' : 'less'} than ${limit}`,
      `write ${small ? 'more' : 'less'} than ${limit}`,
    );
  if (limit === 1 && small && unit !== '')
    return at.problem(code, `${got}; at least one belongs here`, 'write one or more');
  return at.problem(
    code,
    `${got}; the ${small ? 'least' : 'most'} is ${limit}${unit}`,
    `write ${limit}${unit} or ${small ? 'more' : 'less'}`,
  );
}

function expected(type: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a map',
    record: 'a map',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
    string: 'text',
    boolean: 'true or false',
  };
  return words[type] ?? `a ${type}`;
}

/** People write units where the key's name already has them, quote numbers, and forget to quote digits. */
function typeFix(input: unknown, type: string, at: Origin): string {
  if ((type === 'number' || type === 'int') && typeof input === 'string') {
    const number = numberFor(at.path.findLast((part) => typeof part === 'string') ?? '', input);
    if (number !== undefined)
      return Number(input) === number ? `write ${number} without quotes` : `write ${number}; the unit is not written`;
  }
  if (type === 'int' && typeof input === 'number' && Number.isFinite(input))
    return `write ${Math.floor(input)} or ${Math.ceil(input)}`;
  if (type === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return `quote it: "${at.sourceText ?? String(input)}"`;
  if (type === 'boolean' && typeof input === 'string' && /^(?:yes|on|true|y)$/i.test(input)) return 'write true';
  if (type === 'boolean' && typeof input === 'string' && /^(?:no|off|false|n)$/i.test(input)) return 'write false';
  if (type === 'array' && (typeof input === 'string' || typeof input === 'number')) return `write a list: [${input}]`;
  return `write ${expected(type)}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'number' ? showNumber(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** As YAML writes it. */
function showNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  return Number.isFinite(value) ? String(value) : value < 0 ? '-.inf' : '.inf';
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
