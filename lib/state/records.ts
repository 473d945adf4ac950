import { TandemError } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import { readAll, type StoreOptions, storeOptions, whyBroken } from './broken.ts';
import type { Cells } from './cells.ts';
import { brokenStateFile } from './errors.ts';
import { type HeldLock, writeUnder } from './lock.ts';
import { type RecordStore, recordSchema, type StackRecord } from './record.ts';

/** Records as texts, sealed where the organisation wants it. */
export function recordsIn(cells: Cells, options: StoreOptions = {}): RecordStore {
  const { sealer, onBroken } = storeOptions(options);
  const look = async (stack: string): Promise<StackRecord | undefined> => {
    const cell = await cells.get(stack);
    if (cell === undefined) return undefined;
    const record = recordSchema.parse(JSON.parse(await sealer.open(cell.text)));
    if (record.stack !== stack) throw new Error(`it tells of ${record.stack}`);
    return record;
  };
  const all = () => readAll(cells, 'record', look);
  return {
    async list() {
      const { found, broken } = await all();
      broken.forEach(onBroken);
      return found;
    },
    broken: async () => (await all()).broken,
    async read(stack) {
      try {
        return await look(stack);
      } catch (error) {
        if (error instanceof TandemError) throw error;
        throw brokenStateFile(cells.where(stack), whyBroken(error));
      }
    },
    async write(record, under = []) {
      const text = await sealer.seal(`${JSON.stringify(recordSchema.parse(record), null, 2)}\n`);
      const locks = locksOf(under, record.stack);
      if (locks.length === 0) {
        await cells.put(record.stack, text);
        return;
      }
      // Over what was there a moment ago: a holder that came after us may have written meanwhile.
      await writeUnder(locks, async () => {
        const cell = await cells.get(record.stack);
        const condition = cell === undefined ? { onlyNew: true as const } : { instead: cell.version };
        return await cells.put(record.stack, text, condition, fencesOf(locks));
      });
    },
    async remove(stack, under = []) {
      const locks = locksOf(under, stack);
      await writeUnder(locks, () => cells.remove(stack, fencesOf(locks)));
    },
    setAside: (stack, folder) => cells.setAside(stack, folder),
  };
}

function locksOf(locks: readonly HeldLock[], stack: StackId): readonly HeldLock[] {
  return locks.filter((lock) => lock.stack === stack);
}

function fencesOf(locks: readonly HeldLock[]) {
  return locks.map((lock) => lock.fence);
}
