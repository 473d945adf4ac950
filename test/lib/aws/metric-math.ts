type Series = readonly (number | null)[];
type Value = number | Series;

/**
 * As much of CloudWatch's metric math as the scaling policies use: + - * / and >, IF, CEIL, and FILL with REPEAT or a number.
 * Numbers stand for constant series; null is a minute without data. After Amazon CloudWatch's "Using metric math":
 * an operation on a missing value has none, and so has a division by zero.
 */
export function metricMath(expression: string, metrics: Readonly<Record<string, Series>>): Series {
  const length = Math.max(...Object.values(metrics).map((each) => each.length));
  const tokens = expression.match(/[A-Za-z]\w*|\d+(?:\.\d+)?|[-+*/(),>]/g) ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new SyntaxError(`got ${token ?? 'the end'} instead of ${wanted ?? 'a value'} in ${expression}`);
    at += 1;
    return token;
  };
  const series = (value: Value): Series => (typeof value === 'number' ? Array<number>(length).fill(value) : value);
  const combine = (left: Value, right: Value, act: (a: number, b: number) => number): Series => {
    const other = series(right);
    return series(left).map((a, index) => {
      const b = other[index];
      if (a === null || b === null || b === undefined) return null;
      const result = act(a, b);
      return Number.isFinite(result) ? result : null;
    });
  };
  const binary = (operand: () => Value, acts: Readonly<Record<string, (a: number, b: number) => number>>) => () => {
    let left = operand();
    for (let act = acts[peek() ?? '']; act !== undefined; act = acts[peek() ?? '']) {
      take();
      left = combine(left, operand(), act);
    }
    return left;
  };
  const primary = (): Value => {
    const token = take();
    if (token === '(') {
      const inner = comparison();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (peek() !== '(') {
      const metric = metrics[token];
      if (metric === undefined) throw new ReferenceError(`${token} is no metric of ${expression}`);
      return metric;
    }
    take('(');
    const first = comparison();
    const result = call(token, first);
    take(')');
    return result;
  };
  const call = (name: string, first: Value): Value => {
    if (name === 'CEIL') return series(first).map((each) => (each === null ? null : Math.ceil(each)));
    take(',');
    if (name === 'FILL') {
      const filler = take();
      let last: number | null = null;
      return series(first).map((each) => {
        last = each ?? (filler === 'REPEAT' ? last : Number(filler));
        return last;
      });
    }
    if (name !== 'IF') throw new ReferenceError(`${name} is no function here`);
    const yes = series(comparison());
    take(',');
    const no = series(comparison());
    return series(first).map((each, index) => (each === null ? null : ((each === 0 ? no : yes)[index] ?? null)));
  };
  const product = binary(primary, { '*': (a, b) => a * b, '/': (a, b) => a / b });
  const sum = binary(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const comparison = binary(sum, { '>': (a, b) => Number(a > b) });
  const result = series(comparison());
  if (at !== tokens.length) throw new SyntaxError(`${expression} goes on after ${tokens.slice(0, at).join(' ')}`);
  return result;
}
