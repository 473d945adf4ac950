import { join } from 'node:path';
import type { StoreOptions } from './broken.ts';
import { localCells } from './local-cells.ts';
import type { RecordStore } from './record.ts';
import { recordsIn } from './records.ts';

/** Records as files in `.tandem/record/<stack>.json`. */
export function localRecords(root: string, options: StoreOptions = {}): RecordStore {
  return recordsIn(localCells(root, join(root, '.tandem', 'record')), options);
}
