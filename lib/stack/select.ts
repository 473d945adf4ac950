import picomatch from 'picomatch';
import { nearest } from '../text/nearest.ts';
import { noSuchStack } from './errors.ts';
import type { StackId } from './id.ts';

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
    if (matching.length === 0) throw noSuchStack(selector, nearest(selector, ids, namesOf), ids.length > 0);
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

function namesOf(id: string): string[] {
  return [id, shortNameOf(id) ?? id];
}
