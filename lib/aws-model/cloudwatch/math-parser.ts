import { invalidMetricParameter } from '../faults.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly items: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const BINDING: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/^()<>[\],!]))/y;

/** Alarms evaluate the same few expressions every minute. */
const parsed = new Map<string, Expression>();
const MOST_PARSED = 1000;

/** Text of metric math as a tree. */
export function parseMath(text: string): Expression {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const parser = new Parser(text);
  const expression = parser.expression(0);
  parser.end();
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, expression);
  return expression;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const match = TOKEN.exec(text);
      if (match === null) throw this.#wrong();
      tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
    }
    this.#tokens = tokens;
  }

  expression(binding: number): Expression {
    let left = this.#operand();
    for (;;) {
      const operator = operatorOf(this.#tokens[this.#at]);
      const strength = operator === undefined ? 0 : (BINDING[operator] ?? 0);
      if (operator === undefined || strength <= binding) return left;
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.expression(operator === '^' ? strength - 1 : strength) };
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong();
  }

  #operand(): Expression {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined) throw this.#wrong();
    // A sign binds closer than a product, and less close than a power.
    if (token === '-' || token === '!') return { kind: 'unary', operator: token, operand: this.expression(7) };
    if (token === '(') {
      const inner = this.expression(0);
      this.#take(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', items: this.#items(']') };
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) throw this.#wrong();
    if (this.#tokens[this.#at] !== '(') return { kind: 'name', name: token };
    this.#at += 1;
    return { kind: 'call', name: token, items: this.#items(')') };
  }

  #items(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.#tokens[this.#at] === close) {
      this.#at += 1;
      return items;
    }
    for (;;) {
      items.push(this.expression(0));
      if (this.#tokens[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#take(close);
    return items;
  }

  #take(token: string): void {
    if (this.#tokens[this.#at] !== token) throw this.#wrong();
    this.#at += 1;
  }

  #wrong(): Error {
    return invalidMetricParameter(`Error in expression: ${this.#text}`);
  }
}

function operatorOf(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const operator = token === '&&' ? 'AND' : token === '||' ? 'OR' : token.toUpperCase();
  return Object.hasOwn(BINDING, operator) ? operator : undefined;
}
