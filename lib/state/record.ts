import { z } from 'zod';
import { type StackId, stackIdSchema } from '../stack/id.ts';
import { targetSchema } from '../stack/target.ts';
import type { Broken } from './broken.ts';
import type { HeldLock } from './lock.ts';

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
  /** Where it was applied; older records lack it. */
  target: targetSchema.optional(),
  /** Of the journal; older records lack it. */
  operation: z.string().optional(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Who applied it. */
  by: z.string(),
});

export type StackRecord = z.output<typeof recordSchema>;

/** Where records are kept. Adapters: `.tandem/record`, S3, PostgreSQL. */
export interface RecordStore {
  /** Those that can be read; `onBroken` is told of others. */
  list(): Promise<readonly StackRecord[]>;
  broken(): Promise<readonly Broken[]>;
  /** @throws TandemError `broken-state-file` */
  read(stack: StackId): Promise<StackRecord | undefined>;
  /** @param under - Locks of the writer: where the stack's is among them and was lost, nothing is written. @throws TandemError `lock-lost` */
  write(record: StackRecord, under?: readonly HeldLock[]): Promise<void>;
  /** @throws TandemError `lock-lost` */
  remove(stack: StackId, under?: readonly HeldLock[]): Promise<void>;
  /** Removes a record that cannot be read, after it was copied into a local folder. Gives the copy's path. */
  setAside(stack: string, folder: string): Promise<string>;
}
