import { type Broken, type StoreOptions, storeOptions, whyBroken } from './broken.ts';
import type { Fence } from './cells.ts';
import { breakOfHead, breaksWithin, followedBy, hashOfEntry, headsOf, isChained, type Link } from './chain.ts';
import {
  beginEntry,
  type ChainBreak,
  entryOf,
  type FinishedOperation,
  isFinished,
  type Journal,
  type JournalEntry,
  journalEntrySchema,
  newOperationId,
  replay,
  replayHeadless,
  type ToldOperation,
} from './journal.ts';
import { type HeldLock, writeUnder } from './lock.ts';

/** One entry as it is kept. */
export interface Line {
  /** Where it is, for people and for `JournalPlace.drop`: the number of the line, an object, a row. */
  readonly at: string;
  readonly text: string;
}

/** Where the entries of operations are kept, as texts without line breaks. */
export interface JournalPlace {
  /** Names an operation's journal for people. */
  where(operation: string): string;
  /** False where a fence does not hold. Repeated after a lost answer, it writes nothing twice. */
  append(operation: string, kind: JournalEntry['entry'], text: string, fences: readonly Fence[]): Promise<boolean>;
  /** In order; without a last one that a crash cut off, which did not happen. None where there is no such operation. */
  lines(operation: string): Promise<readonly Line[]>;
  /** Ids of operations that may have no end yet, oldest first. */
  unfinished(): Promise<readonly string[]>;
  /** Ids of operations that ended, newest first. */
  ended(limit: number): Promise<readonly string[]>;
  /** Called after the last entry. */
  finish(operation: string): Promise<void>;
  /** Removes some lines of an unfinished operation, after all were copied into a local folder. Gives the copy's path. */
  drop(operation: string, lines: readonly string[], folder: string): Promise<string>;
}

/** How many of the newest ended operations a beginning is linked to: more than ever run at once. */
const HEADS = 20;

const NO_BEGINNING = 'its beginning is missing';

interface Told {
  readonly entries: readonly JournalEntry[];
  readonly links: readonly Link[];
  readonly broken: readonly { readonly at: string; readonly why: string }[];
}

/** A journal over whatever keeps its lines, sealed where the organisation wants it. */
export function journalIn(place: JournalPlace, options: StoreOptions = {}): Journal {
  const { sealer, onBroken } = storeOptions(options);
  const inTurn = turns();
  const linesOf = async (operation: string): Promise<Line[]> => {
    // An empty line tells nothing, and loses nothing; the same entry twice is one whose first answer was lost.
    const lines = (await place.lines(operation)).filter((line) => line.text.trim() !== '');
    return lines.filter((line, index) => line.text !== lines[index - 1]?.text);
  };
  const clearOf = async (text: string): Promise<string> => {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? await sealer.open(value) : text;
  };
  /** Of what cannot be read, the hash of what is there. */
  const lastHash = async (operation: string): Promise<string> => {
    const text = (await linesOf(operation)).at(-1)?.text ?? '';
    return hashOfEntry(await clearOf(text).catch(() => text));
  };
  const append = (entry: JournalEntry, under: readonly HeldLock[]): Promise<void> =>
    inTurn(entry.operation, async () => {
      const tokens = Object.fromEntries(under.map((lock) => [lock.stack, lock.token]));
      const linked =
        entry.entry === 'begin'
          ? { ...entry, after: headsOf(await newest(entry.operation)) }
          : { ...entry, previous: await lastHash(entry.operation) };
      const clear = JSON.stringify(under.length === 0 ? linked : { ...linked, tokens });
      const sealed = await sealer.seal(clear);
      const text = sealed === clear ? clear : JSON.stringify(sealed);
      const fences = under.map((lock) => lock.fence);
      await writeUnder(under, () => place.append(entry.operation, entry.entry, text, fences));
    });
  /** Those that a beginning may have to name. */
  const newest = async (own: string): Promise<Map<string, readonly Link[]>> => {
    const ids = new Set([...(await place.ended(HEADS)), ...(await place.unfinished())]);
    ids.delete(own);
    return new Map(await Promise.all([...ids].sort().map(async (id) => [id, (await tell(id)).links] as const)));
  };
  const tell = async (operation: string): Promise<Told> => {
    const links: Link[] = [];
    const broken: { at: string; why: string }[] = [];
    let lines: readonly Line[];
    try {
      lines = await linesOf(operation);
    } catch (error) {
      return { entries: [], links, broken: [{ at: '', why: whyBroken(error) }] };
    }
    const clear = await Promise.allSettled(lines.map((line) => clearOf(line.text)));
    for (const [index, { at, text }] of lines.entries()) {
      const opened = clear[index];
      try {
        if (opened?.status !== 'fulfilled') throw opened?.reason;
        const entry = journalEntrySchema.parse(JSON.parse(opened.value));
        if (entry.operation !== operation) throw new Error('it is of another operation');
        links.push({ at, hash: hashOfEntry(opened.value), entry });
      } catch (error) {
        broken.push({ at, why: `${at}: ${whyBroken(error)}` });
        links.push({ at, hash: hashOfEntry(opened?.status === 'fulfilled' ? opened.value : text), entry: undefined });
      }
    }
    return { entries: links.flatMap((link) => link.entry ?? []), links, broken };
  };
  const brokenOf = (name: string, { broken }: Told): Broken[] => {
    const [first] = broken;
    if (first === undefined) return [];
    const more = broken.length === 1 ? '' : ` (and ${broken.length - 1} more)`;
    return [{ kind: 'journal', name, where: place.where(name), why: `${first.why}${more}` }];
  };
  const unfinished = async () => {
    const all = await Promise.all((await place.unfinished()).map(async (id) => [id, await tell(id)] as const));
    // An end stands, whatever is lost before it.
    return all.filter(([, told]) => !told.entries.some((entry) => entry.entry === 'end'));
  };
  /** Newest first. Also one that was killed between its last entry and `finish`. */
  const ids = async (): Promise<string[]> => {
    const all = [...(await place.ended(Number.MAX_SAFE_INTEGER)), ...(await place.unfinished())];
    return [...new Set(all)].sort().toReversed();
  };
  const toldOf = (id: string, { entries, links, broken }: Told): ToldOperation | undefined => {
    const why = broken[0]?.why;
    const operation =
      replay(entries, why) ?? (links.length === 0 ? undefined : replayHeadless(id, entries, why ?? NO_BEGINNING));
    if (operation === undefined) return undefined;
    const breaks = breaksWithin(id, links);
    const chain = breaks.length > 0 ? 'broken' : isChained(links) ? 'whole' : 'unchained';
    return { operation, entries, chain, breaks };
  };
  async function* told(): AsyncIterable<ToldOperation> {
    for (const id of await ids()) {
      const one = toldOf(id, await tell(id));
      if (one !== undefined) yield one;
    }
  }
  return {
    async begin(operation, id = newOperationId()) {
      await append(beginEntry(operation, id), []);
      return id;
    },
    intend({ operation, key, detail, as = [] }, under = []) {
      const acting = as.length === 0 ? {} : { as: [...as] };
      return append(entryOf({ entry: 'intend' as const, operation, key, detail: { ...detail }, ...acting }), under);
    },
    done: ({ operation, key }, result, under = []) =>
      append(entryOf({ entry: 'done' as const, operation, key, result: result ?? null }), under),
    async end(operation, outcome, reason = '', under = []) {
      await append(entryOf({ entry: 'end' as const, operation, outcome, reason }), under);
      await place.finish(operation);
    },
    async open() {
      return (await unfinished()).flatMap(([id, told]) => {
        const [broken] = brokenOf(id, told);
        if (broken === undefined) return toldOf(id, told)?.operation ?? [];
        onBroken(broken);
        return replay(told.entries, broken.why) ?? replayHeadless(id, told.entries, broken.why) ?? [];
      });
    },
    broken: async () => (await unfinished()).flatMap(([id, told]) => brokenOf(id, told)),
    entries: async (operation) => (await tell(operation)).entries,
    async history(limit) {
      const found: FinishedOperation[] = [];
      for await (const { operation } of told())
        if (found.length >= limit) break;
        else if (isFinished(operation)) found.push(operation);
      return found;
    },
    tell: told,
    tellOf: async (operation) => toldOf(operation, await tell(operation)),
    async breaks(limit) {
      const found: ChainBreak[] = [];
      const read = new Map<string, readonly Link[]>();
      const linksOf = async (id: string) => read.get(id) ?? (await tell(id)).links;
      for (const id of (await ids()).slice(0, limit)) read.set(id, (await tell(id)).links);
      for (const [id, links] of read) {
        found.push(...breaksWithin(id, links));
        for (const head of followedBy(links)) found.push(...breakOfHead(head, await linksOf(head.operation), id));
      }
      // What several beginnings name is told once.
      return [
        ...new Map(found.map((each) => [`${each.operation} ${each.why.replace(/operation \S+/, '')}`, each])).values(),
      ];
    },
    async setAside(operation, folder) {
      const { broken } = await tell(operation);
      return place.drop(
        operation,
        broken.map(({ at }) => at),
        folder,
      );
    },
  };
}

/** Runs work one after the other by name: what an entry follows is read before it is written. */
function turns() {
  const last = new Map<string, Promise<void>>();
  return (name: string, work: () => Promise<void>): Promise<void> => {
    const turn = (last.get(name) ?? Promise.resolve()).catch(() => undefined).then(work);
    last.set(name, turn);
    return turn;
  };
}
