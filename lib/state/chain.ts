import { hash } from 'node:crypto';
import type { ChainBreak, JournalEntry } from './journal.ts';

/** The last entry that an operation had when another began: what the other's beginning names. */
export interface Head {
  readonly operation: string;
  /** SHA-256 of that entry, in hex. */
  readonly hash: string;
}

/** One entry of an operation, and what the next one names. */
export interface Link {
  /** Where it is, for people. */
  readonly at: string;
  readonly hash: string;
  /** Undefined where it cannot be read. */
  readonly entry: JournalEntry | undefined;
}

/** Of an entry in clear, to the byte. */
export function hashOfEntry(clear: string): string {
  return hash('sha256', clear);
}

/** What the next operation's beginning names: the last entries that no beginning names yet. Pure. @param operations - Links by operation */
export function headsOf(operations: ReadonlyMap<string, readonly Link[]>): Head[] {
  const named = new Set([...operations.values()].flatMap((links) => beginningOf(links)?.after ?? []).map(keyOf));
  return [...operations].flatMap(([operation, links]) => {
    const last = links.at(-1);
    if (last === undefined) return [];
    const head = { operation, hash: last.hash };
    return named.has(keyOf(head)) ? [] : [head];
  });
}

/** The beginnings that an operation names. Pure. */
export function followedBy(links: readonly Link[]): readonly Head[] {
  return beginningOf(links)?.after ?? [];
}

/** Whether its entries carry hashes at all: those of earlier versions do not. Pure. */
export function isChained(links: readonly Link[]): boolean {
  return links.some(({ entry }) => entry !== undefined && previousOf(entry) !== undefined);
}

/** Where the entries of one operation do not follow each other. Pure. */
export function breaksWithin(operation: string, links: readonly Link[]): ChainBreak[] {
  const [first] = links;
  if (first === undefined || !isChained(links)) return [];
  const breaks: string[] = [];
  const begin = first.entry?.entry === 'begin' ? first.entry : undefined;
  if (first.entry !== undefined && begin === undefined)
    breaks.push(`${first.at} is not its beginning: that was removed`);
  // Begun by an earlier version of Tandem, and gone on with by this one.
  let chained = begin === undefined || begin.after !== undefined;
  for (const [index, { at, entry }] of links.entries()) {
    if (index === 0 || entry === undefined) continue;
    const previous = previousOf(entry);
    if (previous === undefined && chained) breaks.push(`${at} carries no hash: it was not written by this Tandem`);
    if (previous !== undefined && previous !== links[index - 1]?.hash)
      breaks.push(`${at} does not follow the entry before it: one was changed, removed or put in between`);
    chained ||= previous !== undefined;
  }
  for (const { at, entry } of links)
    if (entry === undefined) breaks.push(`${at} cannot be read`);
    else if (entry.operation !== operation) breaks.push(`${at} is of another operation, ${entry.operation}`);
  return breaks.map((why) => ({ operation, why }));
}

/** What operations that began later say of one, and it does not. Pure. @param links - All of the operation named, as it is now */
export function breakOfHead(head: Head, links: readonly Link[], namedBy: string): ChainBreak[] {
  const { operation } = head;
  if (links.length === 0) return [{ operation, why: `its journal is gone; operation ${namedBy} began after it` }];
  if (links.some((link) => link.hash === head.hash)) return [];
  return [{ operation, why: `an entry that it had when operation ${namedBy} began was changed or removed` }];
}

function beginningOf(links: readonly Link[]) {
  const entry = links.find((link) => link.entry?.entry === 'begin')?.entry;
  return entry?.entry === 'begin' ? entry : undefined;
}

function previousOf(entry: JournalEntry): unknown {
  return entry.entry === 'begin' ? entry.after : entry.previous;
}

function keyOf({ operation, hash: of }: Head): string {
  return `${operation} ${of}`;
}
