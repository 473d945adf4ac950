import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { readFailure } from '../aws-api/aws-error.ts';
import { TandemError } from '../errors/tandem-error.ts';
import { onFile } from '../fs/fault.ts';
import type { ObjectFacts } from './aws/objects.ts';
import { fileExists, noResult, resultChanged } from './errors.ts';
import type { ClusterJobs } from './open.ts';

/** One request fetches so much: a connection that breaks costs little. */
const PART_BYTES = 64 * 1024 * 1024;

/** @throws TandemError `no-result`, `no-such-job`, `aws-…` */
export async function resultFacts(
  { objects, places, table, environment }: ClusterJobs,
  id: string,
): Promise<ObjectFacts> {
  const facts = await objects.facts(`${places.resultsPrefix}${id}`);
  if (facts !== undefined) return facts;
  throw noResult(environment, id, (await table.get(id))?.state);
}

/** The result in pieces, by ranges of one version. @param from first byte */
export async function* readResult(
  { objects, environment }: ClusterJobs,
  facts: ObjectFacts,
  from: number,
): AsyncIterable<Uint8Array> {
  try {
    for (let at = from; at < facts.size; at += PART_BYTES)
      yield* await objects.read(facts, at, Math.min(facts.size, at + PART_BYTES));
  } catch (error) {
    const cause = error instanceof TandemError ? error.cause : error;
    if (readFailure(cause).status === 412) throw resultChanged(environment, facts.key);
    throw error;
  }
}

export interface SaveProps {
  readonly file: string;
  /** Replaces a file that is there. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number, total: number) => void;
}

export interface Saved {
  readonly size: number;
  readonly sha256: string;
  /** Bytes that an earlier run had fetched. */
  readonly resumedAt: number;
}

/**
 * Writes the result to a file, which is there when it is whole. Until then it is `FILE.<etag>.part`, from which another run goes on.
 * @throws TandemError `file-exists`, `no-result`, `aws-…`, and the faults of `systemFault`
 */
export async function saveResult(cluster: ClusterJobs, facts: ObjectFacts, props: SaveProps): Promise<Saved> {
  const { file, replace, signal, onProgress } = props;
  if (!replace && existsSync(file)) throw fileExists(file);
  const part = `${file}.${facts.etag.replaceAll(/[^\w-]/g, '')}.part`;
  const resumedAt = onFile(part, () => (existsSync(part) ? statSync(part).size : 0));
  const hash = createHash('sha256');
  if (resumedAt > 0) await hashFile(part, hash);
  let size = resumedAt;
  const handle = onFile(part, () => openSync(part, 'a', 0o600));
  try {
    for await (const chunk of readResult(cluster, facts, resumedAt)) {
      onFile(part, () => writeAll(handle, chunk));
      hash.update(chunk);
      size += chunk.length;
      onProgress(size, facts.size);
      signal.throwIfAborted();
    }
    onFile(part, () => fsyncSync(handle));
  } finally {
    closeSync(handle);
  }
  onFile(file, () => renameSync(part, file));
  return { size, sha256: hash.digest('hex'), resumedAt };
}

async function hashFile(file: string, hash: Hash): Promise<void> {
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
}

/** A write may take only a part. */
function writeAll(handle: number, chunk: Uint8Array): void {
  for (let from = 0; from < chunk.length; ) from += writeSync(handle, chunk, from);
}
