import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { filesBelow, isMissing, writeFileAtomic } from '../fs/files.ts';
import { type StackId, stackIdSchema } from '../stack/id.ts';

/** Format `tandem.record/1`: what was last applied of a stack, written after success. */
export const recordSchema = z.strictObject({
  format: z.literal('tandem.record/1'),
  stack: stackIdSchema,
  engine: z.string(),
  /** `sha256:…` of the artefact. */
  digest: z.string(),
  /** The synthesized artefact as text. */
  artefact: z.string(),
  /** Commit of the configuration; empty outside a repository. */
  commit: z.string(),
  /** Files of the configuration that the stack came from; their deletion in history removes it on purpose. */
  files: z.array(z.string()),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Who applied it. */
  by: z.string(),
});

export type StackRecord = z.output<typeof recordSchema>;

/** Where records are kept. Adapters: `.tandem/record`, S3, PostgreSQL. */
export interface RecordStore {
  list(): Promise<readonly StackRecord[]>;
  read(stack: StackId): Promise<StackRecord | undefined>;
  write(record: StackRecord): Promise<void>;
  remove(stack: StackId): Promise<void>;
}

/** Records as files in `.tandem/record/<stack>.json`. */
export function localRecords(root: string): RecordStore {
  const folder = join(root, '.tandem', 'record');
  const fileOf = (stack: string): string => join(folder, `${stack}.json`);
  const parse = (file: string): StackRecord => recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    list: () => Promise.resolve(filesBelow(folder, '.json').map(parse)),
    read(stack) {
      try {
        return Promise.resolve(parse(fileOf(stack)));
      } catch (error) {
        if (isMissing(error)) return Promise.resolve(undefined);
        throw error;
      }
    },
    async write(record) {
      writeFileAtomic(fileOf(record.stack), `${JSON.stringify(recordSchema.parse(record), null, 2)}\n`);
    },
    async remove(stack) {
      rmSync(fileOf(stack), { force: true });
    },
  };
}
