import picomatch from 'picomatch';
import { nearest } from '../text/nearest.ts';
import { noSuchStack } from './errors.ts';
import { type StackId, shortNameOf } from './id.ts';

/**
 * The stacks that ids, globs and short names mean; all of them where nothing is named. A cloud's short name means its tree and its
 * base, never leases; an environment's means its stacks; a lease's or a custom stack's its one stack.
 * @throws TandemError `no-such-stack`
 */
export function selectIds(ids: readonly StackId[], selectors: readonly string[]): Set<StackId> {
  if (selectors.length === 0) return new Set(ids);
  const chosen = new Set<StackId>();
  for (const selector of selectors) {
    const matching = ids.filter(matcherOf(selector));
    if (matching.length === 0) throw noSuchStack(selector, nearest(selector, ids, namesOf), ids.length > 0);
    for (const id of matching) chosen.add(id);
  }
  return chosen;
}

/** Whether a selector means an id. */
export function matcherOf(selector: string): (id: StackId) => boolean {
  if (/[*?{[(]/.test(selector)) {
    const isMatch = picomatch(selector);
    // Its second parameter is no index: it must not be handed to `filter` as it is.
    return (id) => isMatch(id);
  }
  return (id) => id === selector || shortNameOf(id) === selector;
}

function namesOf(id: StackId): string[] {
  return [id, shortNameOf(id)];
}
