import type { z } from 'zod';
import { type Problem, splitBecause } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import { numberFor } from './units.ts';

const SIZE_UNITS: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' };

export function sizeProblem(
  at: Origin,
  got: string,
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
): Problem {
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
    return at.problem(code, `${got}; at least one is required`, 'write one or more');
  return at.problem(
    code,
    `${got}; the ${small ? 'minimum' : 'maximum'} is ${limit}${unit}`,
    `write ${limit}${unit} or ${small ? 'more' : 'less'}`,
  );
}

export function expected(type: string): string {
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

/**
 * What to write instead of a value of another type. People write units where the key's name already has them, quote numbers, and
 * forget to quote digits. No value is proposed that the schema would refuse.
 * @param wanted what the schema wants at this place
 */
export function typeFix(input: unknown, type: string, at: Origin, wanted: readonly z.ZodType[]): string {
  const isNumber = type === 'number' || type === 'int';
  if (isNumber && typeof input === 'string') {
    const number = numberFor(at.path.findLast((part) => typeof part === 'string') ?? '', input);
    if (number === undefined) return `write ${expected(type)}`;
    const bound = boundFor(number, wanted);
    const written = `write ${bound?.text ?? String(number)}`;
    return Number(input) === number ? `${written} without quotes` : `${written}; the unit is not written`;
  }
  if (type === 'int' && typeof input === 'number' && Number.isFinite(input)) {
    const isShare =
      String(at.path.findLast((part) => typeof part === 'string')).endsWith('Percent') && input > 0 && input < 1;
    const percent = Math.round(input * 100);
    if (isShare && accepts(percent, wanted)) return `write ${percent}; a share is written in percent`;
    const whole = [Math.floor(input), Math.ceil(input)].filter((each) => accepts(each, wanted));
    return `write ${whole.length > 0 ? whole.join(' or ') : (boundFor(Math.round(input), wanted)?.text ?? expected(type))}`;
  }
  if (type === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    const text = at.sourceText ?? String(input);
    return accepts(text, wanted) ? `quote it: "${text}"` : (fixFor(text, wanted) ?? 'write text in quotes');
  }
  if (type === 'boolean' && typeof input === 'string' && /^(?:yes|on|true|y)$/i.test(input)) return 'write true';
  if (type === 'boolean' && typeof input === 'string' && /^(?:no|off|false|n)$/i.test(input)) return 'write false';
  if (type === 'array' && (typeof input === 'string' || typeof input === 'number') && accepts([input], wanted))
    return `write a list: [${input}]`;
  return `write ${expected(type)}`;
}

function accepts(value: unknown, wanted: readonly z.ZodType[]): boolean {
  return wanted.some((schema) => schema.safeParse(value).success);
}

/** The limit that a number exceeds, as advice says it; undefined where it exceeds none. */
function boundFor(number: number, wanted: readonly z.ZodType[]): { text: string } | undefined {
  const issue = accepts(number, wanted) ? undefined : wanted[0]?.safeParse(number).error?.issues[0];
  if (issue?.code === 'too_big') return { text: `${Number(issue.maximum)} or less` };
  if (issue?.code === 'too_small') return { text: `${Number(issue.minimum)} or more` };
  if (issue?.code === 'invalid_type' && !Number.isInteger(number)) return { text: String(Math.ceil(number)) };
  return undefined;
}

/** What the schema itself advises instead of a value. */
function fixFor(value: unknown, wanted: readonly z.ZodType[]): string | undefined {
  const message = wanted[0]?.safeParse(value).error?.issues[0]?.message;
  return message === undefined ? undefined : splitBecause(message).fix;
}

export function show(value: unknown): string {
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
