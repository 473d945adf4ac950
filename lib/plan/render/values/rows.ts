import { isStatement } from '../../difference/statement.ts';
import { type AttributeChange, HIDDEN } from '../../model.ts';
import { show } from '../show.ts';
import { head } from './excerpt.ts';
import type { ValueDifference, ValueOptions } from './model.ts';
import { readable } from './readable.ts';
import { valueDifference } from './value-difference.ts';

/** One line of what is shown of an attribute, for renderers to paint. */
export interface Row {
  /** What goes, what comes, what stays around it, and what says what the lines below are about. */
  readonly sign: '-' | '+' | ' ' | '@';
  /** How deep it is in the value. */
  readonly depth: number;
  readonly text: string;
}

export interface RowOptions extends ValueOptions {
  /** Characters up to which a change is one line with an arrow. @default never */
  readonly arrow?: number;
}

const UNKNOWN = '(known after apply)';

/** What an attribute was and is, the path first. */
export function rowsOf(attribute: AttributeChange, options: RowOptions = {}): Row[] {
  const { before, after, afterUnknown, sensitive } = attribute;
  const { width = 120 } = options;
  const path = head(attribute.path, width);
  if (sensitive || before === HIDDEN || after === HIDDEN) return hiddenRows(path, attribute);
  if (afterUnknown) {
    if (before === null) return [{ sign: '+', depth: 0, text: `${path}: ${UNKNOWN}` }];
    return named(path, { kind: 'values', before: show(before, width), after: UNKNOWN }, options, 0);
  }
  if (before === null || after === null) {
    const sign = before === null ? '+' : '-';
    const value = before ?? after;
    const whole = show(value, isStatement(value) ? 3 * width : width);
    const empty = emptyOf(readable(value));
    const isLong = empty !== undefined && (whole.endsWith('…') || whole.includes('\\n'));
    if (!isLong || isStatement(value)) return [{ sign, depth: 0, text: `${path}: ${whole}` }];
    const found = before === null ? valueDifference(empty, after, options) : valueDifference(before, empty, options);
    return named(path, found, options, 0);
  }
  return named(path, valueDifference(before, after, options), options, 0);
}

/** A value that must not be shown: that it comes, goes or changes, never to what. */
function hiddenRows(path: string, { before, after, afterUnknown }: AttributeChange): Row[] {
  if (before === null) return [{ sign: '+', depth: 0, text: `${path}: ${HIDDEN}` }];
  if (after === null && !afterUnknown) return [{ sign: '-', depth: 0, text: `${path}: ${HIDDEN}` }];
  return [{ sign: '@', depth: 0, text: `${path}: changes (sensitive, not shown)` }];
}

function emptyOf(value: unknown): unknown {
  if (typeof value === 'string') return '';
  if (Array.isArray(value)) return [];
  return typeof value === 'object' && value !== null ? {} : undefined;
}

function named(name: string, difference: ValueDifference, options: RowOptions, depth: number): Row[] {
  if (difference.kind === 'values') {
    const { before, after } = difference;
    const line = `${name}: ${before} -> ${after}`;
    if (line.length + 2 * depth <= (options.arrow ?? 0)) return [{ sign: '@', depth, text: line }];
    return [
      { sign: '-', depth, text: `${name}: ${before}` },
      { sign: '+', depth, text: `${name}: ${after}` },
    ];
  }
  const rows: Row[] = [{ sign: '@', depth, text: `${name}:` }, ...innerRows(difference, options, depth + 1)];
  if (difference.left > 0) rows.push({ sign: '@', depth: depth + 1, text: leftText(difference) });
  return rows;
}

function innerRows(
  difference: Exclude<ValueDifference, { kind: 'values' }>,
  options: RowOptions,
  depth: number,
): Row[] {
  if (difference.kind === 'lines')
    return difference.hunks.flatMap(({ after, lines }): Row[] => [
      { sign: '@', depth, text: `from line ${after} on` },
      ...lines.map((line): Row => ({ sign: signOf(line), depth, text: line.slice(1) })),
    ]);
  return [
    ...difference.removed.map((text): Row => ({ sign: '-', depth, text })),
    ...difference.added.map((text): Row => ({ sign: '+', depth, text })),
    ...difference.changed.flatMap((each) => named(each.name, each.difference, options, depth)),
  ];
}

function signOf(line: string): '-' | '+' | ' ' {
  return line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ';
}

function leftText({ kind, left }: Exclude<ValueDifference, { kind: 'values' }>): string {
  return `and ${left} more ${kind === 'lines' ? 'lines' : 'parts'}`;
}
