import type { Plain } from './source.ts';

/**
 * A value of an INI inventory: Ansible reads it as a literal of Python where it is one, and else as text. `True` and `1` are a truth value
 * and a number, `true` and `yes` are text (Kolla's `| bool` takes both).
 */
export function pythonValue(text: string): Plain {
  const reader = new Reader(text.trim());
  const value = reader.value(0);
  return value === undefined || !reader.isAtEnd ? text.trim() : value;
}

const WORDS: Readonly<Record<string, Plain>> = { True: true, False: false, None: null };
const DEEPEST = 50;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.#skip();
    return this.#at === this.#text.length;
  }

  value(depth: number): Plain | undefined {
    this.#skip();
    const next = this.#text.charAt(this.#at);
    if (depth > DEEPEST) return undefined;
    if (next === '[' || next === '(') return this.#list(next === '[' ? ']' : ')', depth);
    if (next === '{') return this.#map(depth);
    if (next === "'" || next === '"') return this.#quoted(next);
    const word = this.#take(/[\w.+-]+/y);
    if (word === undefined) return undefined;
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
    // Python refuses leading zeros, and Ansible then keeps the text.
    return /^[+-]?(?:0|[1-9]\d{0,14})$|^[+-]?\d{1,15}\.\d{0,15}$/.test(word) ? Number(word) : undefined;
  }

  #list(end: string, depth: number): Plain | undefined {
    const values: Plain[] = [];
    this.#at += 1;
    while (!this.#isNext(end)) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      values.push(value);
      if (!this.#isNext(',')) return this.#isNext(end) ? values : undefined;
    }
    return values;
  }

  #map(depth: number): Plain | undefined {
    const entries: [string, Plain][] = [];
    this.#at += 1;
    while (!this.#isNext('}')) {
      const key = this.value(depth + 1);
      const value = this.#isNext(':') ? this.value(depth + 1) : undefined;
      if (value === undefined || typeof key === 'object' || key === undefined) return undefined;
      entries.push([String(key), value]);
      if (!this.#isNext(',')) return this.#isNext('}') ? Object.fromEntries(entries) : undefined;
    }
    return Object.fromEntries(entries);
  }

  #quoted(quote: string): string | undefined {
    const match = this.#take(quote === "'" ? /'(?:[^'\\]|\\.)*'/y : /"(?:[^"\\]|\\.)*"/y);
    return match?.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
  }

  #isNext(text: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }

  #skip(): void {
    this.#take(/\s*/y);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
