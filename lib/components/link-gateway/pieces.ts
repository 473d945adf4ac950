import { metadataValueTooLong } from '../../bring-up/errors.ts';
import { METADATA_VALUE } from '../../openstack/user-data.ts';

/** Entries of each list: enough for as many routes as AWS takes. */
const PIECES = { told: 3, halves: 6, resolvers: 1, consul: 1, 'name-servers': 1, operators: 2 } as const;

export type ListName = keyof typeof PIECES;
/** Of an IPv4 address: what is an expression yet becomes one. */
const ADDRESS_LENGTH = 15;

/**
 * A list in metadata, `<list>-1` and so on, each with words between spaces, and always as many entries: files name them.
 * @throws TandemError `metadata-value-too-long`
 */
export function pieces(list: ListName, items: readonly string[]): Record<string, string> {
  const texts: string[][] = Array.from({ length: PIECES[list] }, () => []);
  let at = 0;
  let length = 0;
  for (const item of items) {
    const more = (item.includes('$') ? ADDRESS_LENGTH : item.length) + 1;
    if (length + more > METADATA_VALUE + 1) {
      at += 1;
      length = 0;
    }
    length += more;
    const piece = texts[at];
    if (piece === undefined) throw metadataValueTooLong(list, items.join(' ').length, METADATA_VALUE * PIECES[list]);
    piece.push(item);
  }
  return Object.fromEntries(texts.map((piece, index) => [`${list}-${index + 1}`, piece.join(' ')]));
}

/** The names of a list's entries. */
export function pieceNames(list: ListName): readonly string[] {
  return Array.from({ length: PIECES[list] }, (_, index) => `${list}-${index + 1}`);
}
