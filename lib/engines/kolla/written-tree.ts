import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readIfThere } from '../../fs/files.ts';
import { digestOf } from '../../stack/synthesized.ts';
import { jsonIn } from '../../text/json.ts';
import { kollaTreeEdited } from './errors.ts';
import type { Files } from './read-tree.ts';

const MANIFEST = 'tandem.json';

/** What was written, so that an edit by hand is noticed. */
interface Manifest {
  readonly format: 'tandem.kolla-tree/1';
  /** Digest by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is laid into the tree by design: secrets, which Tandem never writes, and the inventories of changes of members. */
const LAID_IN =
  /^(?:passwords\.yml$|inventory\/play-[\d.]+$|certificates(?:\/|$)|config\/(?:.*\/)?(?:[^/]*\.keyring|ceph\.conf)$)/;

/** Where a cloud's tree is written, relative to the project's root. */
export function treeFolder(cloud: string): string {
  return join('kolla.out', cloud);
}

/**
 * Files of a written tree that are not as Tandem wrote them: changed, removed or added. Secrets laid in are none of them; a folder
 * that is not there has none.
 */
export function editsIn(folder: string): string[] {
  const manifest = readManifest(folder);
  if (manifest === undefined) return filesBelow(folder).filter((path) => !LAID_IN.test(path));
  const there = new Set(filesBelow(folder));
  const edits = Object.entries(manifest.files).filter(([path, digest]) => {
    there.delete(path);
    return digestIfThere(join(folder, path)) !== digest;
  });
  const added = [...there].filter((path) => path !== MANIFEST && !LAID_IN.test(path));
  return [...edits.map(([path]) => path), ...added].sort();
}

/**
 * Writes a tree, and removes what an earlier one had and this one has not. Secrets laid in stay.
 * @param overwrite whether edits by hand are lost. @throws TandemError `kolla-tree-edited`
 */
export function writeTree(root: string, cloud: string, files: Files, overwrite = false): void {
  const folder = join(root, treeFolder(cloud));
  const edits = editsIn(folder);
  if (edits.length > 0 && !overwrite) throw kollaTreeEdited(cloud, treeFolder(cloud), edits);
  const before = Object.keys(readManifest(folder)?.files ?? {});
  for (const path of [...before, ...edits]) if (!(path in files)) rmSync(join(folder, path), { force: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const digests = Object.fromEntries(Object.entries(files).map(([path, content]) => [path, digestOf(content)]));
  const manifest: Manifest = { format: 'tandem.kolla-tree/1', files: digests };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

function readManifest(folder: string): Manifest | undefined {
  return jsonIn(readIfThere(join(folder, MANIFEST))) as Manifest | undefined;
}

function digestIfThere(file: string): string | undefined {
  try {
    const text = readIfThere(file);
    return text === undefined ? undefined : digestOf(text);
  } catch {
    return undefined;
  }
}

/** Files and links below a folder, relative to it. Links are not followed. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
