import { metadataValueTooLong } from '../../bring-up/errors.ts';
import { ADDRESS_LENGTH, inPieces } from '../../bring-up/metadata.ts';
import { METADATA_VALUE } from '../../openstack/user-data.ts';

/** Entries of each list: enough for as many routes as AWS takes. */
const PIECES = { told: 3, halves: 6, resolvers: 1, consul: 1, 'name-servers': 1, operators: 2 } as const;

export type ListName = keyof typeof PIECES;

/**
 * A list in metadata, `<list>-1` and so on, each with words between spaces, and always as many entries: files name them.
 * @throws TandemError `metadata-value-too-long`
 */
export function pieces(list: ListName, items: readonly string[]): Record<string, string> {
  const texts = inPieces(items, (item) => (item.includes('$') ? ADDRESS_LENGTH : item.length));
  if (texts.length > PIECES[list])
    throw metadataValueTooLong(list, items.join(' ').length, METADATA_VALUE * PIECES[list]);
  return Object.fromEntries(pieceNames(list).map((name, index) => [name, texts[index]?.join(' ') ?? '']));
}

/** The names of a list's entries. */
export function pieceNames(list: ListName): readonly string[] {
  return Array.from({ length: PIECES[list] }, (_, index) => `${list}-${index + 1}`);
}
