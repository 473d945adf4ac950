import type { Outcome } from './differences-page.ts';

export interface Answers {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Rules that had no answer twice: the outcome known before stands, if there is one. */
  readonly unanswered: readonly string[];
}

/**
 * What comes of each rule. A busy machine makes an emulator late, and that is no other answer: where nothing came in time, or another
 * outcome than the one known, the rule is asked once more, `afresh`, and that counts. Ends early where more than `few` have no answer.
 */
export async function answersTo(
  rules: readonly string[],
  known: ReadonlyMap<string, Outcome>,
  few: number,
  ask: (rule: string, afresh: boolean) => Promise<Outcome | undefined>,
): Promise<Answers> {
  const outcomes = new Map(known);
  const unanswered: string[] = [];
  for (const rule of rules) {
    const first = await ask(rule, false);
    const outcome = first === undefined || first !== (known.get(rule) ?? first) ? await ask(rule, true) : first;
    if (outcome === undefined) unanswered.push(rule);
    else outcomes.set(rule, outcome);
    if (unanswered.length > few) break;
  }
  return { outcomes, unanswered };
}
