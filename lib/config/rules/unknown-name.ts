import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';
import { suggestion } from '../suggest.ts';

/** A reference that leads nowhere. `where` ends the sentence "there is no such flavor …". */
export function unknownName(
  at: Origin,
  what: string,
  received: string,
  known: Iterable<string>,
  { where = '', key = false }: { where?: string; key?: boolean } = {},
): Problem {
  const message = `got "${received}"; there is no such ${what}${where === '' ? '' : ` ${where}`}`;
  return at.problem(`unknown-${what.replaceAll(' ', '-')}`, message, suggestion(received, [...known]), { key });
}
