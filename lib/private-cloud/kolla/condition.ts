/** What a variable is: its value, or text with `{{ … }}` that is evaluated. Undefined: nobody knows before a host is asked. */
export type Variables = (name: string) => unknown;

/** What nobody knows: facts of a host, lookups, what Tandem does not read. */
const UNKNOWN = undefined;

/**
 * Evaluates an expression of Kolla-Ansible as far as conditions of services need it: names, literals, lists, `not and or in`,
 * comparisons, `a if b else c`, and the filters `bool`, `length`, `list`, `default` and `selectattr(name, 'equalto', value)`. All
 * else is unknown, and spreads no further than it must: `unknown and false` is false. Pure; never throws.
 * @param expression without its braces
 */
export function evaluate(expression: string, variables: Variables): unknown {
  const reader = new Reader(expression, variables);
  const value = reader.ternary();
  return reader.isAtEnd ? value : UNKNOWN;
}

/** A value of a file: text that is one expression is evaluated, text with some in it is unknown, lists and maps through and through. */
export function resolve(value: unknown, variables: Variables): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, variables)]));
  if (typeof value !== 'string' || value.startsWith('!unsafe ') || !value.includes('{{')) return value;
  const whole = /^\s*\{\{([^{}]*)\}\}\s*$/.exec(value)?.[1];
  return whole === undefined ? UNKNOWN : evaluate(whole, variables);
}

/** As Ansible's filter `bool` has it. */
export function truth(value: unknown): boolean | undefined {
  if (value === UNKNOWN) return UNKNOWN;
  if (typeof value === 'string') return ['yes', 'on', '1', 'true', 'y', 't'].includes(value.toLowerCase());
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const TOKEN = /\s*('[^']*'|"[^"]*"|\d+|[A-Za-z_]\w*|==|!=|>=|<=|[()[\]{}|,.:<>+~*/%-])/y;

class Reader {
  readonly #tokens: string[] = [];
  readonly #variables: Variables;
  #at = 0;

  constructor(text: string, variables: Variables) {
    this.#variables = variables;
    const token = new RegExp(TOKEN);
    for (let found = token.exec(text); found !== null; found = token.exec(text)) this.#tokens.push(found[1] ?? '');
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  ternary(): unknown {
    const value = this.#or();
    if (!this.#takes('if')) return value;
    const condition = truth(this.#or());
    const otherwise = this.#takes('else') ? this.ternary() : UNKNOWN;
    return condition === UNKNOWN ? UNKNOWN : condition ? value : otherwise;
  }

  #or(): unknown {
    let value = this.#and();
    while (this.#takes('or')) {
      const [left, right] = [truth(value), truth(this.#and())];
      value = left === true || right === true ? true : left === UNKNOWN || right === UNKNOWN ? UNKNOWN : false;
    }
    return value;
  }

  #and(): unknown {
    let value = this.#not();
    while (this.#takes('and')) {
      const [left, right] = [truth(value), truth(this.#not())];
      value = left === false || right === false ? false : left === UNKNOWN || right === UNKNOWN ? UNKNOWN : true;
    }
    return value;
  }

  #not(): unknown {
    if (!this.#takes('not')) return this.#comparison();
    const value = truth(this.#not());
    return value === UNKNOWN ? UNKNOWN : !value;
  }

  #comparison(): unknown {
    const left = this.#sum();
    for (const operator of ['==', '!=', '>=', '<=', '>', '<']) {
      if (!this.#takes(operator)) continue;
      const right = this.#sum();
      return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : compare(operator, left, right);
    }
    const isNegated = this.#tokens[this.#at] === 'not' && this.#tokens[this.#at + 1] === 'in';
    if (isNegated) this.#at += 1;
    if (!this.#takes('in')) return left;
    const right = this.#sum();
    if (left === UNKNOWN || !(Array.isArray(right) || typeof right === 'string')) return UNKNOWN;
    return right.includes(left as string) !== isNegated;
  }

  #sum(): unknown {
    let value = this.#filtered();
    while (this.#takes('+')) {
      const right = this.#filtered();
      value =
        Array.isArray(value) && Array.isArray(right) ? [...(value as unknown[]), ...(right as unknown[])] : UNKNOWN;
    }
    return value;
  }

  #filtered(): unknown {
    let value = this.#primary();
    while (this.#takes('|')) {
      const filter = this.#tokens[this.#at++] ?? '';
      const values = this.#takes('(') ? this.#list(')') : [];
      value = applied(filter, value, values);
    }
    return value;
  }

  #primary(): unknown {
    const token = this.#tokens[this.#at++] ?? '';
    let value: unknown = UNKNOWN;
    if (token === '(') {
      value = this.ternary();
      this.#takes(')');
    } else if (token === '[') value = this.#list(']');
    else if (/^\d/.test(token)) value = Number(token);
    else if (/^['"]/.test(token)) value = token.slice(1, -1);
    else if (/^(?:true|false)$/i.test(token)) value = token.toLowerCase() === 'true';
    else if (/^\w/.test(token)) value = this.#variables(token);
    return this.#parts(value);
  }

  /** What follows a value: `.name`, `[index]`, `(…)`. Nothing of it is known. */
  #parts(value: unknown): unknown {
    let known = value;
    for (;;) {
      if (this.#takes('.')) this.#at += 1;
      else if (this.#takes('[')) this.#list(']');
      else if (this.#takes('(')) this.#list(')');
      else return known;
      known = UNKNOWN;
    }
  }

  #list(end: string): unknown[] {
    const values: unknown[] = [];
    while (!this.isAtEnd && !this.#takes(end)) {
      values.push(this.ternary());
      if (this.#takes(',') || this.#tokens[this.#at] === end) continue;
      this.#at += 1;
    }
    return values;
  }
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const [a, b] = [Number(left), Number(right)];
  return operator === '>' ? a > b : operator === '<' ? a < b : operator === '>=' ? a >= b : a <= b;
}

function applied(filter: string, value: unknown, [first, test, wanted]: readonly unknown[]): unknown {
  if (filter === 'default') return value ?? first;
  if (filter === 'bool') return truth(value);
  if (filter === 'list') return value;
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : UNKNOWN;
  if (filter === 'length') return list?.length ?? (typeof value === 'string' ? value.length : UNKNOWN);
  if (filter !== 'selectattr' || test !== 'equalto' || typeof first !== 'string') return UNKNOWN;
  const found = list?.map((each) => (each as Record<string, unknown>)[first]);
  return found?.includes(UNKNOWN) === true ? UNKNOWN : list?.filter((_, index) => found?.[index] === wanted);
}
