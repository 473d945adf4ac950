import { distance } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import { noSuchStack } from './errors.ts';
import { compareIds, type StackId } from './id.ts';

/**
 * The stacks that ids, globs and short names mean; all of them where nothing is named. A cloud's short name means its tree and its
 * base, never leases; an environment's means its stacks; a lease's or a custom stack's its one stack.
 * @throws TandemError `no-such-stack`
 */
export function selectIds(ids: readonly StackId[], selectors: readonly string[]): Set<StackId> {
  if (selectors.length === 0) return new Set(ids);
  const chosen = new Set<StackId>();
  for (const selector of selectors) {
    const matches = matcherOf(selector);
    const matching = ids.filter(matches);
    if (matching.length === 0) throw noSuchStack(selector, nearest(selector, ids));
    for (const id of matching) chosen.add(id);
  }
  return chosen;
}

function matcherOf(selector: string): (id: string) => boolean {
  if (/[*?{[(]/.test(selector)) {
    const isMatch = picomatch(selector);
    // Its second parameter is no index: it must not be handed to `filter` as it is.
    return (id) => isMatch(id);
  }
  return (id) => id === selector || shortNameOf(id) === selector;
}

/** The name that means this stack, beside its id. */
export function shortNameOf(id: string): string | undefined {
  const [room, owner, kind, name] = id.split('/');
  return room === 'openstack' && kind === 'dev' ? name : owner;
}

/** The few ids that somebody may have meant, likeliest first. */
function nearest(selector: string, ids: readonly string[]): string[] {
  const cost = (id: string) => Math.min(distance(selector, id), distance(selector, shortNameOf(id) ?? id));
  return [...ids].sort((a, b) => cost(a) - cost(b) || compareIds(a, b)).slice(0, 5);
}
