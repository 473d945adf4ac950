import { distance } from 'fastest-levenshtein';

/** Whoever wrote a book for a name did not mistype one of ours; measuring it would take long. */
const LONGEST = 128;

/** A part of a name this long is worth looking for. */
const SHORTEST_PART = 4;

/**
 * Names that may be meant by one that is not known, at most three, likeliest first: those within a third of their letters, then those that
 * contain it.
 *
 * @param formsOf - What a name may be called. @default - the name
 */
export function nearest<T extends string>(
  received: string,
  known: Iterable<T>,
  formsOf: (name: T) => readonly string[] = (name) => [name],
): T[] {
  if (received.length > LONGEST) return [];
  const part = received.toLowerCase();
  const scored = [...known].flatMap((name) => {
    const forms = formsOf(name);
    const slips = Math.min(...forms.map((form) => slipsTo(part, form.toLowerCase(), Math.ceil)));
    if (slips < Number.POSITIVE_INFINITY) return [{ name, score: slips }];
    const isPart = part.length >= SHORTEST_PART && forms.some((form) => form.toLowerCase().includes(part));
    return isPart ? [{ name, score: LONGEST }] : [];
  });
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The one name that is near enough to be worth a word; else the only one that ends in what was received. */
export function nearestOf(received: string, known: readonly string[]): string | undefined {
  return nearestWithin(received, known, Math.ceil) ?? endingIn(received, known);
}

/** The name that was meant, where what was received can hardly be anything but a slip of the fingers. */
export function meantBy(received: string, known: readonly string[]): string | undefined {
  return nearestWithin(received, known, Math.floor);
}

/** `loadBalancer` for `balancer`. */
function endingIn(received: string, known: readonly string[]): string | undefined {
  if (received.length < SHORTEST_PART) return undefined;
  const found = known.filter((name) => name.toLowerCase().endsWith(received.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

function nearestWithin(received: string, known: readonly string[], round: (thirds: number) => number) {
  if (received.length > LONGEST) return undefined;
  let [found, fewest]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const name of known) {
    const slips = slipsTo(received, name, round);
    if (slips < fewest) [found, fewest] = [name, slips];
  }
  return found;
}

/** Letters to change, or infinitely many where that would be more than a third of the name. */
function slipsTo(received: string, name: string, round: (thirds: number) => number): number {
  const slips = distance(received, name);
  return slips <= round(name.length / 3) && slips < name.length ? slips : Number.POSITIVE_INFINITY;
}
