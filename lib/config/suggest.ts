import { nearestOf } from '../text/nearest.ts';

/** More than this many are not listed. */
const MAXIMUM_LISTED = 6;

/** What to write instead of a name that is not known: all there are where they are few, else the nearest. */
export function suggestion(received: string, known: readonly string[]): string {
  if (known.length === 0) return 'remove it';
  if (known.length === 1) return `write ${known[0] ?? ''}`;
  const nearest = nearestOf(received, known);
  if (known.length > MAXIMUM_LISTED) {
    return nearest === undefined ? `write one of the ${known.length} that exist` : `write ${nearest}`;
  }
  return `write one of ${known.join(', ')}${nearest === undefined ? '' : `; nearest is ${nearest}`}`;
}

/**
 * What to write instead of a key that is not known.
 * @param written keys that stand beside it: none of them can be written a second time
 */
export function keySuggestion(received: string, known: readonly string[], written: readonly string[] = []): string {
  const nearest = nearestOf(received, known);
  if (nearest !== undefined) return written.includes(nearest) ? `remove it; ${nearest} is there` : `write ${nearest}`;
  const free = known.filter((key) => !written.includes(key));
  return free.length === 0 ? 'remove it' : `remove it, or write one of ${free.join(', ')}`;
}
