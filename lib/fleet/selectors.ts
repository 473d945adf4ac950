import { nearestOf } from '../text/nearest.ts';
import { badSelector } from './errors.ts';
import { FIELDS, type FieldName, fieldNames, fieldOf } from './selector-fields.ts';
import { lex, type Token } from './selector-tokens.ts';
import type { Machine } from './view.ts';

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=';

/** What `--where` means. */
export type Selector =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Selector[] }
  | { readonly kind: 'not'; readonly part: Selector }
  | { readonly kind: 'compare'; readonly field: FieldName; readonly operator: Operator; readonly value: string }
  | { readonly kind: 'in'; readonly field: FieldName; readonly values: readonly string[] };

const OPERATORS: readonly string[] = ['=', '!=', '<', '>', '<=', '>='] satisfies Operator[];
/** Parentheses and `not` may stand in each other so deep. */
const DEEPEST = 100;

/**
 * Parses `zone=a and (age>30d or state in (broken, lost)) and not type=m7g.large`. `not` binds closest, then `and`, then `or`; words that
 * have other characters than letters, digits and `._:/-` stand in quotes.
 * @throws TandemError `bad-selector`
 */
export function parseSelector(text: string): Selector {
  const tokens = lex(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', position: text.length };
  const fail = (expected: string, near?: string): never => {
    const { text: found, position } = peek();
    throw badSelector({ text, position, found, expected, near });
  };
  const take = (kind: Token['kind'], word: string): boolean => {
    const token = peek();
    const fits = token.kind === kind && token.text.toLowerCase() === word;
    if (fits) at += 1;
    return fits;
  };

  const either = (depth: number): Selector => chain('or', () => chain('and', () => unary(depth)));
  const chain = (kind: 'and' | 'or', next: () => Selector): Selector => {
    const first = next();
    const parts = [first];
    while (take('word', kind)) parts.push(next());
    return parts.length === 1 ? first : { kind, parts };
  };
  const unary = (depth: number): Selector => {
    if (depth > DEEPEST) fail(`an end of parentheses and "not", which are more than ${DEEPEST} deep,`);
    if (take('word', 'not')) return { kind: 'not', part: unary(depth + 1) };
    if (!take('sign', '(')) return comparison();
    const inner = either(depth + 1);
    if (!take('sign', ')')) fail('")", "and" or "or"', nearestOf(peek().text, ['and', 'or']));
    return inner;
  };
  const comparison = (): Selector => {
    const token = peek();
    const field = fieldOf(token.text);
    if (token.kind !== 'word' || field === undefined)
      return fail(`a field (${fieldNames.join(', ')}), "not" or "("`, nearestOf(token.text, [...fieldNames, 'not']));
    at += 1;
    if (take('word', 'in')) return { kind: 'in', field, values: list(field) };
    const sign = peek();
    if (sign.kind !== 'sign' || !OPERATORS.includes(sign.text)) return fail(`one of ${OPERATORS.join(' ')} or "in"`);
    const operator = sign.text as Operator;
    if (operator !== '=' && operator !== '!=' && FIELDS[field].order === undefined)
      return fail(`= or !=, because ${field} has no order,`);
    at += 1;
    return { kind: 'compare', field, operator, value: value(field) };
  };
  const list = (field: FieldName): string[] => {
    if (!take('sign', '(')) fail('"("');
    const values = [value(field)];
    while (take('sign', ',')) values.push(value(field));
    if (!take('sign', ')')) fail('"," or ")"');
    return values;
  };
  const value = (field: FieldName): string => {
    const token = peek();
    if (token.kind !== 'word' && token.kind !== 'quoted') return fail(`a value of ${field}`);
    const { expects, choices } = FIELDS[field].accepts(token.text) ?? {};
    if (expects !== undefined) return fail(expects, nearestOf(token.text, choices ?? []));
    at += 1;
    return token.text;
  };

  const selector = either(0);
  if (peek().kind !== 'end') fail('"and", "or" or the end', nearestOf(peek().text, ['and', 'or']));
  return selector;
}

/** @param at - The moment that ages and heartbeats are counted to, in milliseconds since 1970 */
export function matches(selector: Selector, machine: Machine, at: number): boolean {
  switch (selector.kind) {
    case 'and':
      return selector.parts.every((part) => matches(part, machine, at));
    case 'or':
      return selector.parts.some((part) => matches(part, machine, at));
    case 'not':
      return !matches(selector.part, machine, at);
    case 'in':
      return selector.values.some((value) => FIELDS[selector.field].equals(machine, value, at));
    case 'compare':
      return compares(selector, machine, at);
  }
}

function compares(
  { field, operator, value }: Extract<Selector, { kind: 'compare' }>,
  machine: Machine,
  at: number,
): boolean {
  const { equals, order } = FIELDS[field];
  if (operator === '=') return equals(machine, value, at);
  if (operator === '!=') return !equals(machine, value, at);
  // What it does not have is neither more nor less.
  const sign = order?.(machine, value, at);
  if (sign === undefined) return false;
  if (operator === '<') return sign < 0;
  if (operator === '>') return sign > 0;
  return operator === '<=' ? sign <= 0 : sign >= 0;
}

/** Whether it speaks of a field: a selector that does not name the warm pool means the fleet. */
export function mentions(selector: Selector, field: FieldName): boolean {
  if (selector.kind === 'not') return mentions(selector.part, field);
  return 'parts' in selector ? selector.parts.some((part) => mentions(part, field)) : selector.field === field;
}
