import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors/tandem-error.ts';
import { isMissing, syncFolder } from '../fs/files.ts';
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

function newLineage(by: string): Lineage {
  return { format: 'tandem.lineage/1', id: randomUUID(), at: new Date().toISOString(), by };
}

export function localLineage(root: string): LineageStore {
  const file = join(root, '.tandem', 'lineage.json');
  const read = (): Lineage | undefined => {
    try {
      return lineageSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw brokenStateFile(file, messageOf(error));
    }
  };
  return {
    place: `local files in ${dirname(file)}`,
    read: () => Promise.resolve(read()),
    async own(by) {
      const found = read();
      if (found !== undefined) return found;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${randomUUID()}`;
      writeFileSync(draft, `${JSON.stringify(newLineage(by), null, 2)}\n`, { mode: 0o600, flush: true });
      try {
        // A link is made by one of all who try, with its whole content.
        linkSync(draft, file);
        syncFolder(dirname(file));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      } finally {
        rmSync(draft, { force: true });
      }
      return read() ?? newLineage(by);
    },
  };
}

export function bucketLineage(bucket: Bucket, place: string): LineageStore {
  const key = 'lineage.json';
  const read = async (): Promise<Lineage | undefined> => {
    const found = await bucket.get(key);
    return found === undefined ? undefined : lineageSchema.parse(JSON.parse(found.text));
  };
  return {
    place,
    read,
    async own(by) {
      const found = await read();
      if (found !== undefined) return found;
      const made = newLineage(by);
      await bucket.put(key, JSON.stringify(made), { onlyNew: true });
      // Read back: the answer to a write may have been lost, or somebody was quicker.
      return (await read()) ?? made;
    },
  };
}

export function pgLineage(query: Query, place: string): LineageStore {
  const read = async (): Promise<Lineage | undefined> => {
    const [content] = await query('SELECT content FROM $schema.lineage');
    return content === undefined ? undefined : lineageSchema.parse(JSON.parse(content));
  };
  return {
    place,
    read,
    async own(by) {
      const made = newLineage(by);
      const insert = 'INSERT INTO $schema.lineage (content) VALUES ($1) ON CONFLICT DO NOTHING RETURNING content';
      if ((await read()) === undefined) await query(insert, [JSON.stringify(made)]);
      return (await read()) ?? made;
    },
  };
}
