import { isStatement } from '../difference/statement.ts';
import { head } from './values/excerpt.ts';
import { readable, textOf } from './values/readable.ts';
import { sentenceOf } from './values/statement.ts';
import { isOddAlone } from './values/value-difference.ts';

/** A value by itself in one line: packed text unpacked, functions of CloudFormation as people say them, what is too long cut at its end. */
export function show(value: unknown, maximum: number = 80): string {
  if (value === null || value === undefined) return '(none)';
  const plain = typeof value === 'string' ? readable(value) : value;
  const text = isStatement(plain)
    ? sentenceOf(plain)
    : (textOf(plain) ?? JSON.stringify(plain, (_key, inner: unknown) => textOf(inner) ?? inner));
  // Text that would be taken for something else, or for nothing, is quoted.
  return head(typeof plain === 'string' && isOddAlone(plain) ? JSON.stringify(plain) : text, maximum);
}
