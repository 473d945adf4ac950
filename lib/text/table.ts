import Table from 'cli-table3';

export interface TableOptions {
  /** First line. @default - no header */
  readonly head?: readonly string[];
  /** Columns, counted from 0, that stand to the right. @default - those with numbers only */
  readonly right?: readonly number[];
  /** Spaces before each line. @default 0 */
  readonly indent?: number;
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((end) => [`${side}${end}`, '']),
  ),
);

/** Lines of columns that are as wide as their widest cell, two spaces apart. A column without a head or a cell takes no room. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const { head = [], indent = 0 } = options;
  const width = Math.max(head.length, ...rows.map((row) => row.length));
  const right = options.right ?? numericColumns(rows, width);
  const all = [...(head.length > 0 ? [head] : []), ...rows];
  const shown = range(width).filter((column) => all.some((row) => (row[column] ?? '') !== ''));
  const lines = new Table({
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: shown.map((column) => (right.includes(column) ? 'right' : 'left')),
  });
  lines.push(...all.map((row) => shown.map((column) => row[column] ?? '')));
  if (lines.length === 0) return [];
  return lines
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}

function numericColumns(rows: readonly (readonly string[])[], width: number): number[] {
  return range(width).filter((column) => rows.length > 0 && rows.every((row) => /^[\d.,–-]*$/.test(row[column] ?? '')));
}

const range = (length: number): number[] => Array.from({ length }, (_, at) => at);
