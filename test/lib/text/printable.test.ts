import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstHidden, printable, printableJson, printableLine } from '../../../lib/text/printable.ts';
import { PAYLOADS } from '../../properties/payloads.ts';

/** Nothing that a terminal obeys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

describe('text for people', () => {
  it.each(Object.entries(PAYLOADS))('shows %s, and obeys nothing', (_name, text) => {
    expect(printable(text)).not.toMatch(OBEYED);
    expect(printableLine(text)).not.toMatch(/[\n\t]/);
    expect(firstHidden(printable(text))).toBeUndefined();
  });

  it('keeps what is shown as itself', () => {
    for (const text of ['a\n\tb', 'é 漢 عربي', '👩‍🔧', 'x\u00a0y']) expect(printable(text)).toBe(text);
    expect(printable('a\r\nb')).toBe('a\nb');
  });

  it('names what it shows', () => {
    expect(printable('\u001b[31m')).toBe(String.raw`\u001b[31m`);
    expect(printable('\u{E0041}')).toBe(String.raw`\u{e0041}`);
    expect(printableLine('a\nb\tc')).toBe(String.raw`a\nb\tc`);
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson(JSON.stringify({ text }, null, 2));
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
    for (const text of Object.values(PAYLOADS)) expect(JSON.parse(printableJson(JSON.stringify(text)))).toBe(text);
  });
});
