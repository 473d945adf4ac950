import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';

/** One of several values that do not go together, and what is said should it be the one to change. */
export interface Side {
  readonly at: Origin;
  readonly message: string;
  readonly fix: string;
}

/**
 * A problem between values that may stand in several layers: told where the nearest layer writes one, since an override came after the
 * base that it clashes with. Where one file has them all, the first side is told.
 */
export function problemAtNearest(
  code: string,
  [first, ...others]: readonly [Side, ...Side[]],
  options: { readonly severity?: Problem['severity'] } = {},
): Problem {
  const nearest = others.reduce((best, side) => (side.at.depth < best.at.depth ? side : best), first);
  return nearest.at.problem(code, nearest.message, nearest.fix, options);
}
