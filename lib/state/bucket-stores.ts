import { join } from 'node:path';
import { writeFileAtomic } from '../fs/files.ts';
import type { StoreOptions } from './broken.ts';
import type { Cells, Fence, PutCondition } from './cells.ts';
import { type JournalPlace, journalIn, type Line } from './journal-in.ts';
import { bucketLineage } from './lineage.ts';
import { locksIn } from './locks.ts';
import { bucketVersions } from './raw-versions.ts';
import { recordsIn } from './records.ts';
import type { Bucket } from './s3-bucket.ts';
import { bucketStates } from './states-s3.ts';

/** Records, journal and locks as objects of a bucket, beside Terraform's own states. @param place - For people, without secrets */
export function bucketStores(bucket: Bucket, place: string, options: StoreOptions = {}) {
  return {
    records: recordsIn(bucketCells(bucket, place, 'record'), options),
    journal: journalIn(objectsOf(bucket, place), options),
    locks: locksIn(bucketCells(bucket, place, 'locks'), options),
    ledgers: bucketCells(bucket, place, 'ledger'),
    lineage: bucketLineage(bucket, place),
    rawStates: bucketStates(bucket),
    rawVersions: bucketVersions(bucket),
    close: async () => bucket.close(),
  };
}

/** A bucket has no condition over two objects: the locks are read right before the write, which is over what was there before that. */
async function isHeld(bucket: Bucket, fences: readonly Fence[]): Promise<boolean> {
  const found = await Promise.all(fences.map(({ stack }) => bucket.get(`locks/${stack}.json`)));
  return fences.every(({ content }, index) => found[index]?.text === content);
}

function bucketCells(bucket: Bucket, place: string, folder: string): Cells {
  const keyOf = (key: string): string => `${folder}/${key}.json`;
  return {
    where: (key) => `${keyOf(key)} in ${place}`,
    async keys() {
      const found = (await bucket.list(`${folder}/`)).filter((key) => key.endsWith('.json'));
      return found.map((key) => key.slice(folder.length + 1, -'.json'.length));
    },
    async get(key) {
      const found = await bucket.get(keyOf(key));
      return found === undefined ? undefined : { text: found.text, version: found.etag };
    },
    async put(key, text, condition, fences = []) {
      if (!(await isHeld(bucket, fences))) return false;
      return await putOnce(bucket, keyOf(key), text, condition);
    },
    async remove(key, fences = []) {
      if (!(await isHeld(bucket, fences))) return false;
      await bucket.remove(keyOf(key));
      return true;
    },
    async setAside(key, to) {
      const copy = join(to, folder, `${key}.json`);
      writeFileAtomic(copy, (await bucket.get(keyOf(key)))?.text ?? '');
      await bucket.remove(keyOf(key));
      return copy;
    },
  };
}

/** Writes under a condition. Where it fails, the answer to an earlier attempt at this very write may have been lost. */
async function putOnce(bucket: Bucket, key: string, text: string, condition?: PutCondition): Promise<boolean> {
  return (await bucket.put(key, text, condition)) || (await bucket.get(key))?.text === text;
}

/**
 * Objects cannot be appended to: each entry is one, numbered, and never written over. An operation that ended is put together into one
 * object, so that looking for unfinished ones stays quick.
 */
function objectsOf(bucket: Bucket, place: string): JournalPlace {
  const folderOf = (operation: string): string => `journal/${operation}/`;
  const endedKey = (operation: string): string => `journal/ended/${operation}.jsonl`;
  const unfinishedLines = async (operation: string): Promise<Line[]> => {
    const keys = await bucket.list(folderOf(operation));
    const objects = await Promise.all(keys.map((key) => bucket.get(key)));
    return objects.flatMap((each, index) => (each === undefined ? [] : [{ at: keys[index] ?? '', text: each.text }]));
  };
  const endedLines = async (operation: string): Promise<Line[]> => {
    const lines = (await bucket.get(endedKey(operation)))?.text.trimEnd().split('\n') ?? [];
    return lines.map((text, index) => ({ at: `line ${index + 1}`, text }));
  };
  return {
    where: (operation) => `${folderOf(operation)} in ${place}`,
    async append(operation, _kind, text, fences) {
      const folder = folderOf(operation);
      if (!(await isHeld(bucket, fences))) return false;
      for (let number = (await bucket.list(folder)).length + 1; ; number += 1) {
        const key = `${folder}${String(number).padStart(6, '0')}.json`;
        if (await putOnce(bucket, key, text, { onlyNew: true })) return true;
      }
    },
    async lines(operation) {
      const ended = await endedLines(operation);
      return ended.length > 0 ? ended : await unfinishedLines(operation);
    },
    async unfinished() {
      const keys = (await bucket.list('journal/')).filter((key) => !key.startsWith('journal/ended/'));
      return [...new Set(keys.map((key) => key.split('/')[1] ?? ''))].sort();
    },
    async ended(limit) {
      const newest = (await bucket.list('journal/ended/')).toReversed().slice(0, limit);
      return newest.map((key) => key.slice('journal/ended/'.length, -'.jsonl'.length));
    },
    async finish(operation) {
      const lines = await unfinishedLines(operation);
      // Whoever was killed here before had put it together already: some of its objects are gone.
      if ((await bucket.get(endedKey(operation))) === undefined)
        await bucket.put(endedKey(operation), lines.map((line) => `${line.text}\n`).join(''));
      for (const key of await bucket.list(folderOf(operation))) await bucket.remove(key);
    },
    async drop(operation, lines, to) {
      const all = await unfinishedLines(operation);
      const copy = join(to, 'journal', `${operation}.jsonl`);
      writeFileAtomic(copy, all.map((line) => `${line.text}\n`).join(''));
      for (const key of lines) await bucket.remove(key);
      return copy;
    },
  };
}
