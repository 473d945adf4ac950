import { z } from 'zod';
import { messageOf, TandemError } from '../errors/tandem-error.ts';
import type { Cells } from './cells.ts';
import { clearSealer, type Sealer } from './sealer.ts';

/** Something that a store holds and that cannot be read. It stops its own stack; all others go on. */
export interface Broken {
  readonly kind: 'record' | 'lock' | 'journal';
  /** Stack id; of a journal, the operation's id. */
  readonly name: string;
  /** The file, object or row. */
  readonly where: string;
  readonly why: string;
}

export interface StoreOptions {
  /** Encrypts records and journal. @default - nothing is encrypted */
  readonly sealer?: Sealer;
  /** Told of what cannot be read and is passed over. @default - nobody is */
  readonly onBroken?: (broken: Broken) => void;
}

/** The options with their defaults. */
export function storeOptions(options: StoreOptions): Required<StoreOptions> {
  return { sealer: clearSealer, onBroken: () => undefined, ...options };
}

/** Reads every cell; one that cannot be read is told, and stops no other. @throws TandemError `state-unreachable` */
export async function readAll<T>(
  cells: Cells,
  kind: Broken['kind'],
  read: (key: string) => Promise<T | undefined>,
): Promise<{ readonly found: readonly T[]; readonly broken: readonly Broken[] }> {
  const found: T[] = [];
  const broken: Broken[] = [];
  const keys = await cells.keys();
  const outcomes = await Promise.allSettled(keys.map(read));
  for (const [index, name] of keys.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'rejected')
      broken.push({ kind, name, where: cells.where(name), why: whyBroken(outcome.reason) });
    else if (outcome?.value !== undefined) found.push(outcome.value);
  }
  return { found, broken };
}

/**
 * Why one thing cannot be read, in one line without its content, which may be secret.
 * @throws what says nothing of that one thing: a store that cannot be reached, a missing identity, too few descriptors
 */
export function whyBroken(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'state-unreachable' || code === 'state-key' || code === 'EMFILE' || code === 'ENFILE') throw error;
  if (error instanceof TandemError) return error.message;
  if (error instanceof SyntaxError) return 'it is not JSON: it was cut off, or something else wrote it';
  if (error instanceof z.ZodError) return whyInvalid(error);
  if (code === 'EISDIR') return 'it is a folder, not a file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied: another user owns it';
  return messageOf(error);
}

function whyInvalid({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.join('.') ?? '';
  if (path === 'format') return 'its format is unknown to this version of Tandem: a newer one may have written it';
  return `${path === '' ? 'it' : `\`${path}\``} is not as it should be (${issue?.message ?? 'unknown'})`;
}
