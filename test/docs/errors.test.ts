import { describe, expect, it } from 'vitest';
import { readErrors } from '../../scripts/docs/errors.ts';

/** A function of an `errors.ts`. */
const maker = (name: string, code: string, message = "'it failed'", body = ''): string =>
  `export function ${name}(name: string, known: readonly string[], cause: unknown): TandemError {
    ${body}
    return new TandemError({ code: ${code}, message: ${message}, next: 'run it again', cause });
  }\n`;

const read = (...texts: string[]) => readErrors(new Map(texts.map((text, index) => [`lib/${index}/errors.ts`, text])));

const messagesOf = (message: string, body = ''): readonly string[] =>
  read(maker('f', "'c'", message, body))[0]!.messages;

describe('the catalogue of errors', () => {
  it('has every code with its message, next step and maker, sorted', () => {
    expect(read(maker('second', "'b'"), maker('first', "'a'"))).toEqual([
      { code: 'a', messages: ['it failed'], next: ['run it again'], maker: 'first', file: 'lib/1/errors.ts' },
      { code: 'b', messages: ['it failed'], next: ['run it again'], maker: 'second', file: 'lib/0/errors.ts' },
    ]);
  });

  it.each([
    ['`no ${name} here`', 'no {name} here'],
    ["`one of ${known.join(', ')}`", 'one of {known}'],
    ['`${known.length} of ${facts.count}`', '{number of known} of {count}'],
    ["`it${name === '' ? '' : ` of ${name}`} failed`", 'it[ of {name}] failed'],
    ["`they ${known.length === 1 ? 'is' : 'are'}`", 'they (is | are)'],
    ["`it failed: ${String(cause).split('\\n')[0] ?? ''}`", 'it failed: {cause}'],
    ["'it ' + `failed`", 'it failed'],
  ])('reads %s', (message, text) => {
    expect(messagesOf(message)).toEqual([text]);
  });

  it('reads what a constant holds, and every alternative of a message', () => {
    const body = 'const where = name === "" ? "" : ` in ${name}`;';
    expect(messagesOf("known.length > 0 ? `found${where}` : 'none'", body)).toEqual(['found[ in {name}]', 'none']);
  });

  it('takes each row of a table as an error', () => {
    const table = "const ROWS = { 401: ['refused', 'x'], 413: ['busy', 'y'], 429: ['busy', 'y'] };\n";
    const body = "const [code, reason] = ROWS[name] ?? ['other', 'z'];";
    const entries = read(table + maker('f', 'code', 'reason', body));
    expect(entries.map(({ code, messages }) => [code, ...messages])).toEqual([
      ['busy', 'y'],
      ['other', 'z'],
      ['refused', 'x'],
    ]);
  });

  it('fails where two functions make one code', () => {
    expect(() => read(maker('f', "'a'"), maker('g', "'a'"))).toThrow('both have the code a');
  });

  it('fails where a code is not written in the source', () => {
    expect(() => read(maker('f', 'name'))).toThrow('must write its code as a kebab-case literal; found name');
  });

  it('fails where an error is made outside the errors.ts of a room', () => {
    const sources = new Map([['lib/plan/plan.ts', maker('f', "'a'")]]);
    expect(() => readErrors(sources)).toThrow('move it to the errors.ts of its room');
  });
});
