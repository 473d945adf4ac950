import {
  beginEntry,
  entryOf,
  isFinished,
  type Journal,
  type JournalEntry,
  journalEntrySchema,
  newOperationId,
  replay,
} from './journal.ts';
import { bucketLineage } from './lineage.ts';
import { type Attempt, acquireByTrying, isDeadHere, type Lock, type LockStore, lockSchema } from './lock.ts';
import { bucketVersions } from './raw-versions.ts';
import { type RecordStore, recordSchema } from './record.ts';
import type { Bucket } from './s3-bucket.ts';
import { bucketStates } from './states-s3.ts';

/** Records, journal and locks as objects of a bucket, beside Terraform's own states. */
export function bucketStores(bucket: Bucket, place = 'a bucket') {
  return {
    records: bucketRecords(bucket),
    journal: bucketJournal(bucket),
    locks: bucketLocks(bucket),
    lineage: bucketLineage(bucket, place),
    rawStates: bucketStates(bucket),
    rawVersions: bucketVersions(bucket),
    close: async () => bucket.close(),
  };
}

function bucketRecords(bucket: Bucket): RecordStore {
  const keyOf = (stack: string): string => `record/${stack}.json`;
  const read = async (key: string) => {
    const found = await bucket.get(key);
    return found === undefined ? [] : [recordSchema.parse(JSON.parse(found.text))];
  };
  return {
    list: async () => (await Promise.all((await bucket.list('record/')).map(read))).flat(),
    read: async (stack) => (await read(keyOf(stack)))[0],
    write: async (record) => {
      await bucket.put(keyOf(record.stack), JSON.stringify(recordSchema.parse(record), null, 2));
    },
    remove: (stack) => bucket.remove(keyOf(stack)),
  };
}

/**
 * Objects cannot be appended to: each entry is one, numbered, and never written over. An operation that ended is put together into one
 * object, so that looking for unfinished ones stays quick.
 */
function bucketJournal(bucket: Bucket): Journal {
  const folderOf = (operation: string): string => `journal/${operation}/`;
  const endedKey = (operation: string): string => `journal/ended/${operation}.jsonl`;
  const parse = (text: string): JournalEntry => journalEntrySchema.parse(JSON.parse(text));
  const append = async (entry: JournalEntry): Promise<void> => {
    const folder = folderOf(entry.operation);
    for (let number = (await bucket.list(folder)).length + 1; ; number += 1) {
      const key = `${folder}${String(number).padStart(6, '0')}.json`;
      if (await bucket.put(key, JSON.stringify(entry), { onlyNew: true })) return;
    }
  };
  const unfinishedEntries = async (operation: string): Promise<JournalEntry[]> => {
    const keys = await bucket.list(folderOf(operation));
    const objects = await Promise.all(keys.map((key) => bucket.get(key)));
    return objects.flatMap((each) => (each === undefined ? [] : [parse(each.text)]));
  };
  const endedEntries = async (operation: string): Promise<JournalEntry[]> => {
    const ended = await bucket.get(endedKey(operation));
    return ended === undefined ? [] : ended.text.trimEnd().split('\n').map(parse);
  };
  return {
    async begin(operation, id = newOperationId()) {
      await append(beginEntry(operation, id));
      return id;
    },
    intend: ({ operation, key, detail }) =>
      append(entryOf({ entry: 'intend' as const, operation, key, detail: { ...detail } })),
    done: ({ operation, key }, result) =>
      append(entryOf({ entry: 'done' as const, operation, key, result: result ?? null })),
    async end(operation, outcome, reason = '') {
      await append(entryOf({ entry: 'end' as const, operation, outcome, reason }));
      const entries = await unfinishedEntries(operation);
      await bucket.put(endedKey(operation), entries.map((each) => `${JSON.stringify(each)}\n`).join(''));
      for (const key of await bucket.list(folderOf(operation))) await bucket.remove(key);
    },
    async open() {
      const keys = (await bucket.list('journal/')).filter((key) => !key.startsWith('journal/ended/'));
      const operations = [...new Set(keys.map((key) => key.split('/')[1] ?? ''))].sort();
      const found = await Promise.all(operations.map(async (each) => replay(await unfinishedEntries(each))));
      return found.flatMap((each) => (each === undefined || isFinished(each) ? [] : [each]));
    },
    async entries(operation) {
      const open = await unfinishedEntries(operation);
      return open.length > 0 ? open : endedEntries(operation);
    },
    async history(limit) {
      const newest = (await bucket.list('journal/ended/')).toReversed().slice(0, limit);
      const found = await Promise.all(
        newest.map(async (key) => replay(await endedEntries(key.slice('journal/ended/'.length, -'.jsonl'.length)))),
      );
      return found.flatMap((each) => (each !== undefined && isFinished(each) ? [each] : []));
    },
  };
}

function bucketLocks(bucket: Bucket): LockStore {
  const keyOf = (stack: string): string => `locks/${stack}.json`;
  const parse = (text: string): Lock => lockSchema.parse(JSON.parse(text));
  const read = async (key: string): Promise<Lock[]> => {
    const found = await bucket.get(key);
    return found === undefined ? [] : [parse(found.text)];
  };
  return {
    async acquire(request, options) {
      const key = keyOf(request.stack);
      const attempt = async (): Promise<Attempt> => {
        const text = JSON.stringify({ format: 'tandem.lock/1', ...request, since: new Date().toISOString() });
        if (await bucket.put(key, text, { onlyNew: true })) return { held: true, tookOver: undefined };
        const found = await bucket.get(key);
        // It was released in between.
        if (found === undefined) return attempt();
        const holder = parse(found.text);
        if (!isDeadHere(holder, request.host)) return { held: false, holder };
        // Only from the very holder that was looked at: somebody may have been quicker.
        return (await bucket.put(key, text, { instead: found.etag })) ? { held: true, tookOver: holder } : attempt();
      };
      const { tookOver } = await acquireByTrying(attempt, options);
      const release = async (): Promise<void> => {
        const [lock] = await read(key);
        if (lock?.operation === request.operation) await bucket.remove(key);
      };
      return { tookOver, release };
    },
    read: async (stack) => (await read(keyOf(stack)))[0],
    list: async () => (await Promise.all((await bucket.list('locks/')).map(read))).flat(),
    async break(stack) {
      const [lock] = await read(keyOf(stack));
      if (lock !== undefined) await bucket.remove(keyOf(stack));
      return lock;
    },
  };
}
