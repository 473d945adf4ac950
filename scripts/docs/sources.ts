import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Source files: path from the root to text. */
export type Sources = ReadonlyMap<string, string>;

/** The TypeScript files below folders of the root, sorted. */
export function readSources(root: string, folders: readonly string[]): Sources {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const sources = files.filter((file) => file.endsWith('.ts')).sort();
  return new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}
