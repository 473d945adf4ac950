import { expect, it } from 'vitest';
import { answersTo } from '../../../real/aws/ask-again.ts';
import type { Outcome } from '../../../real/aws/differences-page.ts';

const known = new Map<string, Outcome>([
  ['a', 'accepts'],
  ['b', 'as AWS'],
]);

/** Answers of a rule in turn; the last one for all later questions. */
function emulator(answers: Readonly<Record<string, readonly (Outcome | undefined)[]>>) {
  const asked: string[] = [];
  const ask = (rule: string, afresh: boolean) => {
    const turn = asked.filter((each) => each.startsWith(rule)).length;
    asked.push(afresh ? `${rule} afresh` : rule);
    return Promise.resolve(answers[rule]?.[turn]);
  };
  return { asked, ask };
}

it('asks once what is as known, and what is new', async () => {
  const { asked, ask } = emulator({ a: ['accepts'], c: ['otherwise'] });
  const { outcomes, unanswered } = await answersTo(['a', 'c'], known, 0, ask);
  expect(asked).toEqual(['a', 'c']);
  expect(outcomes).toEqual(new Map([...known, ['c', 'otherwise']]));
  expect(unanswered).toEqual([]);
});

it('asks again, afresh, what was late or another outcome: the second answer counts', async () => {
  const { asked, ask } = emulator({ a: [undefined, 'accepts'], b: ['otherwise', 'accepts'], c: [undefined, 'as AWS'] });
  const { outcomes, unanswered } = await answersTo(['a', 'b', 'c'], known, 0, ask);
  expect(asked).toEqual(['a', 'a afresh', 'b', 'b afresh', 'c', 'c afresh']);
  expect(Object.fromEntries(outcomes)).toEqual({ a: 'accepts', b: 'accepts', c: 'as AWS' });
  expect(unanswered).toEqual([]);
});

it('tells what had no answer twice, leaves what is known of it, and ends after a few', async () => {
  const { asked, ask } = emulator({});
  const { outcomes, unanswered } = await answersTo(['a', 'b', 'c', 'd'], known, 1, ask);
  expect(outcomes).toEqual(known);
  expect(unanswered).toEqual(['a', 'b']);
  expect(asked).toEqual(['a', 'a afresh', 'b', 'b afresh']);
});
