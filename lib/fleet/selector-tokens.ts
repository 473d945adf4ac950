import { badSelector } from './errors.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end';
  readonly text: string;
  /** From 0. */
  readonly position: number;
}

const SIGNS = ['!=', '<=', '>=', '=', '<', '>', '(', ')', ','];
const WORD = /[\p{L}\p{N}._:/@+-]/u;

/** @throws TandemError `bad-selector` */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const position = at;
    const here = text[at] ?? '';
    const sign = SIGNS.find((each) => text.startsWith(each, position));
    if (/\s/.test(here)) {
      at += 1;
    } else if (here === '"' || here === "'") {
      const end = text.indexOf(here, at + 1);
      if (end < 0) throw badSelector({ text, position: text.length, found: '', expected: `the closing ${here}` });
      tokens.push({ kind: 'quoted', text: text.slice(at + 1, end), position });
      at = end + 1;
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign, position });
      at += sign.length;
    } else {
      const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (!WORD.test(point)) throw badSelector({ text, position, found: point, expected: 'a word, a sign or a quote' });
      while (at < text.length) {
        const next = String.fromCodePoint(text.codePointAt(at) ?? 0);
        if (!WORD.test(next)) break;
        at += next.length;
      }
      tokens.push({ kind: 'word', text: text.slice(position, at), position });
    }
  }
  return tokens;
}
