import { invalidMetricParameter } from '../faults.ts';
import type { Time } from '../types.ts';
import { type Expression, parseMath } from './math-parser.ts';

/** A time series: what has no entry is missing. */
export type Values = ReadonlyMap<Time, number>;

type Result = number | Values | readonly Values[];

/** What an expression stands on: series by id, and the periods that are asked for. */
export interface MathScope {
  readonly series: (id: string) => Values;
  readonly grid: readonly Time[];
}

/** Metric math, as far as scaling needs it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export function evaluateMath(text: string, scope: MathScope): Values {
  const result = evaluate(parseMath(text), scope);
  if (typeof result === 'number') return new Map(scope.grid.map((at) => [at, result]));
  if (isSeries(result)) return result;
  throw invalidMetricParameter(`The expression ${text} gives several time series: an alarm needs one`);
}

function evaluate(expression: Expression, scope: MathScope): Result {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return scope.series(expression.name);
    case 'list':
      return expression.items.map((item) => series(evaluate(item, scope), scope));
    case 'unary': {
      const operand = evaluate(expression.operand, scope);
      return each((value) => (expression.operator === '-' ? -value : Number(value === 0)), [operand]);
    }
    case 'binary':
      return each(OPERATORS[expression.operator] ?? refuse(expression.operator), [
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
      ]);
    case 'call':
      return call(expression.name.toUpperCase(), expression.items, scope);
  }
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // A division by zero has no data point.
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

const SCALARS: Readonly<Record<string, (value: number) => number>> = {
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  ABS: Math.abs,
};

const SUMMARIES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
};

function call(name: string, items: readonly Expression[], scope: MathScope): Result {
  if (name === 'FILL') return fill(items, scope);
  const args = items.map((item) => evaluate(item, scope));
  const [first = refuse(name), second, third] = args;
  if (name === 'IF' && second !== undefined) return choose(first, second, third, scope);
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (scalar !== undefined) return each(scalar, [first]);
  const summary = Object.hasOwn(SUMMARIES, name) ? SUMMARIES[name] : undefined;
  if (summary === undefined) return refuse(name);
  if (typeof first === 'number') return first;
  if (isSeries(first)) return first.size === 0 ? Number.NaN : summary([...first.values()]);
  // Of several series, period by period, of those that have a value.
  const values = scope.grid.map(
    (at) => [at, first.map((one) => one.get(at)).filter((value) => value !== undefined)] as const,
  );
  return new Map(values.filter(([, present]) => present.length > 0).map(([at, present]) => [at, summary(present)]));
}

/** Missing values become a number, or the value before them. */
function fill([what, filler]: readonly Expression[], scope: MathScope): Values {
  if (what === undefined || filler === undefined) return refuse('FILL');
  const values = series(evaluate(what, scope), scope);
  const repeat = filler.kind === 'name' && filler.name.toUpperCase() === 'REPEAT';
  const constant = repeat ? undefined : evaluate(filler, scope);
  if (constant !== undefined && typeof constant !== 'number') return refuse('FILL with LINEAR');
  const filled = new Map<Time, number>();
  let last = constant;
  for (const at of scope.grid) {
    const value = values.get(at);
    if (repeat) last = value ?? last;
    const shown = value ?? last;
    if (shown !== undefined) filled.set(at, shown);
  }
  return filled;
}

/** Period by period, where the condition has a value. Without an else, what is false has none. */
function choose(condition: Result, yes: Result, no: Result | undefined, scope: MathScope): Result {
  if (typeof condition === 'number') return condition === 0 ? (no ?? new Map<Time, number>()) : yes;
  const chosen = new Map<Time, number>();
  for (const [at, value] of series(condition, scope)) {
    const side = value === 0 ? no : yes;
    const result = typeof side === 'number' ? side : side === undefined ? undefined : series(side, scope).get(at);
    if (result !== undefined) chosen.set(at, result);
  }
  return chosen;
}

/** Numbers stay numbers; among series, what one of them misses is missing. */
function each(operator: (...values: [number, number]) => number, operands: readonly Result[]): number | Values {
  const [first, second] = operands;
  if (typeof first === 'number' && (second === undefined || typeof second === 'number'))
    return operator(first, second ?? 0);
  const base = operands.find((operand) => typeof operand !== 'number');
  if (base === undefined || !isSeries(base)) return refuse('a list');
  const values = new Map<Time, number>();
  for (const at of base.keys()) {
    const [a, b] = operands.map((operand) =>
      typeof operand === 'number' ? operand : isSeries(operand) ? operand.get(at) : undefined,
    );
    if (a === undefined || (b === undefined && operands.length > 1)) continue;
    const value = operator(a, b ?? 0);
    if (!Number.isNaN(value)) values.set(at, value);
  }
  return values;
}

function series(result: Result, { grid }: MathScope): Values {
  if (typeof result === 'number') return new Map(grid.map((at) => [at, result]));
  return isSeries(result) ? result : refuse('a list of lists');
}

const isSeries = (result: Result): result is Values => result instanceof Map;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function refuse(what: string): never {
  throw invalidMetricParameter(`Error in expression: ${what} is not modelled, or lacks an argument`);
}
