import { type Broken, type StoreOptions, storeOptions, whyBroken } from './broken.ts';
import type { Fence } from './cells.ts';
import {
  beginEntry,
  entryOf,
  isFinished,
  type Journal,
  type JournalEntry,
  journalEntrySchema,
  newOperationId,
  replay,
  replayHeadless,
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

interface Told {
  readonly entries: readonly JournalEntry[];
  readonly broken: readonly { readonly at: string; readonly why: string }[];
}

/** A journal over whatever keeps its lines, sealed where the organisation wants it. */
export function journalIn(place: JournalPlace, options: StoreOptions = {}): Journal {
  const { sealer, onBroken } = storeOptions(options);
  const append = async (entry: JournalEntry, under: readonly HeldLock[]): Promise<void> => {
    const tokens = Object.fromEntries(under.map((lock) => [lock.stack, lock.token]));
    const clear = JSON.stringify(under.length === 0 ? entry : { ...entry, tokens });
    const sealed = await sealer.seal(clear);
    const text = sealed === clear ? clear : JSON.stringify(sealed);
    const fences = under.map((lock) => lock.fence);
    await writeUnder(under, () => place.append(entry.operation, entry.entry, text, fences));
  };
  const decode = async (text: string): Promise<JournalEntry> => {
    const value: unknown = JSON.parse(text);
    return journalEntrySchema.parse(typeof value === 'string' ? JSON.parse(await sealer.open(value)) : value);
  };
  const tell = async (operation: string): Promise<Told> => {
    const entries: JournalEntry[] = [];
    const broken: { at: string; why: string }[] = [];
    let lines: readonly Line[];
    try {
      // An empty line tells nothing, and loses nothing.
      lines = (await place.lines(operation)).filter((line) => line.text.trim() !== '');
    } catch (error) {
      return { entries, broken: [{ at: '', why: whyBroken(error) }] };
    }
    const outcomes = await Promise.allSettled(lines.map((line) => decode(line.text)));
    let last = '';
    for (const [index, outcome] of outcomes.entries()) {
      const { at, text } = lines[index] ?? { at: '', text: '' };
      if (outcome.status === 'rejected') broken.push({ at, why: `${at}: ${whyBroken(outcome.reason)}` });
      // The same entry twice is one whose first answer was lost.
      else if (text !== last) entries.push(outcome.value);
      last = text;
    }
    return { entries, broken };
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
  return {
    async begin(operation, id = newOperationId()) {
      await append(beginEntry(operation, id), []);
      return id;
    },
    intend: ({ operation, key, detail }, under = []) =>
      append(entryOf({ entry: 'intend' as const, operation, key, detail: { ...detail } }), under),
    done: ({ operation, key }, result, under = []) =>
      append(entryOf({ entry: 'done' as const, operation, key, result: result ?? null }), under),
    async end(operation, outcome, reason = '', under = []) {
      await append(entryOf({ entry: 'end' as const, operation, outcome, reason }), under);
      await place.finish(operation);
    },
    async open() {
      return (await unfinished()).flatMap(([id, told]) => {
        const [broken] = brokenOf(id, told);
        if (broken === undefined) return replay(told.entries) ?? [];
        onBroken(broken);
        return replay(told.entries, broken.why) ?? replayHeadless(id, told.entries, broken.why) ?? [];
      });
    },
    broken: async () => (await unfinished()).flatMap(([id, told]) => brokenOf(id, told)),
    entries: async (operation) => (await tell(operation)).entries,
    async history(limit) {
      // Also one that was killed between its last entry and `finish`.
      const ids = [...(await place.ended(limit)), ...(await place.unfinished())];
      const told = await Promise.all([...new Set(ids)].sort().toReversed().map(tell));
      const operations = told.flatMap(({ entries }) => replay(entries) ?? []);
      return operations.filter(isFinished).slice(0, limit);
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
