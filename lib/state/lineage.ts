import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readIfThere, syncFolder } from '../fs/files.ts';
import { whyBroken } from './broken.ts';
import { brokenStateFile } from './errors.ts';
import type { Query } from './pg-connection.ts';
import type { Bucket } from './s3-bucket.ts';

/** Format `tandem.lineage/1`: what tells one place for states from every other. Made once, never changed. */
const lineageSchema = z.strictObject({
  format: z.literal('tandem.lineage/1'),
  id: z.uuid(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Who made it, as `user@host`. */
  by: z.string(),
});

export type Lineage = z.output<typeof lineageSchema>;

/** The lineage of a place for states. Adapters: `.tandem/lineage.json`, S3, PostgreSQL. */
export interface LineageStore {
  /** Where the states are, for people: `local files in /home/kim/infra/.tandem`. Never a secret. */
  readonly place: string;
  /** Undefined where nothing was ever applied from here. */
  read(): Promise<Lineage | undefined>;
  /** The lineage; made where there is none. Whoever else asks at the same time gets the same. */
  own(by: string): Promise<Lineage>;
}

/**
 * @param text of what is there; undefined where nothing is
 * @param put writes where nothing is: of all who try at once, one succeeds
 */
function lineageAt(
  { place, where }: { readonly place: string; readonly where: string },
  text: () => Promise<string | undefined>,
  put: (text: string) => Promise<unknown>,
): LineageStore {
  const read = async (): Promise<Lineage | undefined> => {
    const found = await text();
    if (found === undefined) return undefined;
    try {
      return lineageSchema.parse(JSON.parse(found));
    } catch (error) {
      throw brokenStateFile(where, whyBroken(error));
    }
  };
  return {
    place,
    read,
    async own(by) {
      const found = await read();
      if (found !== undefined) return found;
      const made: Lineage = { format: 'tandem.lineage/1', id: randomUUID(), at: new Date().toISOString(), by };
      await put(`${JSON.stringify(made, null, 2)}\n`);
      // Read back: the answer to a write may have been lost, or somebody was quicker.
      return (await read()) ?? made;
    },
  };
}

export function localLineage(root: string): LineageStore {
  const file = join(root, '.tandem', 'lineage.json');
  const place = { place: `local files in ${dirname(file)}`, where: file };
  return lineageAt(
    place,
    async () => readIfThere(file),
    async (text) => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${randomUUID()}`;
      writeFileSync(draft, text, { mode: 0o600, flush: true });
      try {
        // A link is made by one of all who try, with its whole content.
        linkSync(draft, file);
        syncFolder(dirname(file));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      } finally {
        rmSync(draft, { force: true });
      }
    },
  );
}

export function bucketLineage(bucket: Bucket, place: string): LineageStore {
  const key = 'lineage.json';
  return lineageAt(
    { place, where: `${key} in ${place}` },
    async () => (await bucket.get(key))?.text,
    (text) => bucket.put(key, text, { onlyNew: true }),
  );
}

export function pgLineage(query: Query, place: string): LineageStore {
  const insert = 'INSERT INTO $schema.lineage (content) VALUES ($1) ON CONFLICT DO NOTHING RETURNING content';
  return lineageAt(
    { place, where: `table lineage in ${place}` },
    async () => (await query('SELECT content FROM $schema.lineage'))[0],
    (text) => query(insert, [text]),
  );
}
