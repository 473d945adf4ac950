import { closest, distance } from 'fastest-levenshtein';

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

/** What to write instead of a key that is not known. */
export function keySuggestion(received: string, known: readonly string[]): string {
  const nearest = nearestOf(received, known);
  if (nearest !== undefined) return `write ${nearest}`;
  return known.length === 0 ? 'remove it' : `remove it, or write one of ${known.join(', ')}`;
}

/** The nearest name, where it is near enough to be worth a word. */
export function nearestOf(received: string, known: readonly string[]): string | undefined {
  return nearestWithin(received, known, (length) => Math.ceil(length / 3)) ?? endingIn(received, known);
}

/** The one name that ends in what was received: `loadBalancer` for `balancer`. */
function endingIn(received: string, known: readonly string[]): string | undefined {
  if (received.length < 4) return undefined;
  const ending = received.toLowerCase();
  const found = known.filter((name) => name.toLowerCase().endsWith(ending));
  return found.length === 1 ? found[0] : undefined;
}

/** The name that was meant, where what was received can hardly be anything but a slip of the fingers. */
export function meantBy(received: string, known: readonly string[]): string | undefined {
  return nearestWithin(received, known, (length) => Math.floor(length / 3));
}

function nearestWithin(received: string, known: readonly string[], limit: (length: number) => number) {
  // Whoever wrote a book for a name did not mistype one of ours; measuring it would take long.
  if (received.length > 64 || known.length === 0) return undefined;
  const nearest = closest(received, [...known]);
  const slips = distance(received, nearest);
  return slips <= limit(nearest.length) && slips < nearest.length ? nearest : undefined;
}
