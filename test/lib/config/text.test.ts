import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Parser } from 'yaml';
import { decodeText } from '../../../lib/config/text.ts';

const DEEP = '['.repeat(41);
const refusal = (text: string) => {
  const decoded = decodeText(new TextEncoder().encode(text));
  return 'text' in decoded ? undefined : decoded.code;
};

/** Levels of brackets as the parser finds them. */
function bracketsIn(text: string): number {
  return Math.max(0, ...Array.from(new Parser().parse(text), levels));
}

function levels(token: unknown): number {
  if (typeof token !== 'object' || token === null) return 0;
  const own = 'type' in token && token.type === 'flow-collection' ? 1 : 0;
  return own + Math.max(0, ...Object.values(token).map(levels));
}

describe('depth', () => {
  it.each([
    `a: "${DEEP}"`,
    `a: '${DEEP}'`,
    `- "it's ${DEEP} \\" ${DEEP}"`,
    `a: ['${DEEP}', "${DEEP}"]`,
    `a: {b: '${DEEP} ''quoted'' ${DEEP}'}`,
    `"${DEEP}": 1`,
    `a: don't\nb: '${DEEP}'`,
  ])('is not that of quoted text: %s', (text) => {
    expect(bracketsIn(text)).toBeLessThan(2);
    expect(refusal(text)).toBeUndefined();
  });

  it.each([
    `a: ["x", ${DEEP}`,
    `a: "x\n [ "${DEEP}"`,
    `a: [x\n  "${DEEP}"`,
    `a: [b "${DEEP}"`,
    `a: !!str "x\n [ "${DEEP}"`,
    `a: , ": ${DEEP}"`,
  ])('is that of brackets that only look quoted: %s', (text) => {
    expect(refusal(text)).toBe('too-deep');
  });

  it('is never more than what is counted', () => {
    const pieces = [
      '"',
      "'",
      '"',
      '"',
      ': ',
      ':',
      ', ',
      '[',
      '{',
      '\n ',
      '- ',
      ' ',
      'a',
      '\\',
      ' #',
      '|',
      '!t ',
      DEEP,
      DEEP,
      DEEP,
    ];
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((each) => `a: ${each.join('')}`);
    fc.assert(
      fc.property(texts, (text) => {
        if (bracketsIn(text) > 40) expect(refusal(text)).toBe('too-deep');
      }),
      { numRuns: 3000 },
    );
  });
});
