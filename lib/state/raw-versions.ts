import { rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { filesBelow, readIfThere, writeFileAtomic } from '../fs/files.ts';
import { type StackId, stackIdSchema } from '../stack/id.ts';
import type { Query } from './pg-connection.ts';
import type { Bucket } from './s3-bucket.ts';
import type { RawVersions } from './versions.ts';

/** Versions as files, `.tandem/state-versions/<stack>/<id>.json`. */
export function localVersions(root: string): RawVersions {
  const top = join(root, '.tandem', 'state-versions');
  const fileOf = (stack: StackId, id: string): string => join(top, stack, `${id}.json`);
  return {
    put: async (stack, id, text) => writeFileAtomic(fileOf(stack, id), text),
    get: async (stack, id) => readIfThere(fileOf(stack, id)),
    ids: async (stack) =>
      filesBelow(join(top, stack), '.json')
        .filter((file) => dirname(file) === join(top, stack))
        .map((file) => basename(file, '.json')),
    remove: async (stack, id) => rmSync(fileOf(stack, id), { force: true }),
    stacks: async () => stacksOf(filesBelow(top, '.json').map((file) => relative(top, dirname(file)))),
  };
}

/** Versions as objects, `state-versions/<stack>/<id>.json`. */
export function bucketVersions(bucket: Bucket): RawVersions {
  const top = 'state-versions/';
  const keyOf = (stack: StackId, id: string): string => `${top}${stack}/${id}.json`;
  return {
    async put(stack, id, text) {
      await bucket.put(keyOf(stack, id), text);
    },
    get: async (stack, id) => (await bucket.get(keyOf(stack, id)))?.text,
    ids: async (stack) => (await bucket.list(`${top}${stack}/`)).map((key) => basename(key, '.json')),
    remove: (stack, id) => bucket.remove(keyOf(stack, id)),
    stacks: async () => stacksOf((await bucket.list(top)).map((key) => dirname(key).slice(top.length))),
  };
}

/** Versions as rows. */
export function pgVersions(query: Query): RawVersions {
  return {
    async put(stack, id, text) {
      await query(
        `INSERT INTO $schema.state_version VALUES ($1, $2, $3)
        ON CONFLICT (stack, id) DO UPDATE SET content = excluded.content`,
        [stack, id, text],
      );
    },
    get: async (stack, id) =>
      (await query('SELECT content FROM $schema.state_version WHERE stack = $1 AND id = $2', [stack, id]))[0],
    ids: (stack) =>
      query('SELECT id AS content FROM $schema.state_version WHERE stack = $1 ORDER BY id COLLATE "C"', [stack]),
    async remove(stack, id) {
      await query('DELETE FROM $schema.state_version WHERE stack = $1 AND id = $2', [stack, id]);
    },
    stacks: async () => stacksOf(await query('SELECT DISTINCT stack AS content FROM $schema.state_version')),
  };
}

function stacksOf(names: readonly string[]): StackId[] {
  return [...new Set(names)].sort().flatMap((name) => stackIdSchema.safeParse(name).data ?? []);
}
