import type { Cloud } from '../../config/schema/cloud.ts';
import { overlaid } from './ini.ts';
import type { RenderedFile } from './tree.ts';

/** Files that Tandem writes whole, which nothing can be laid over. A host's own would stand in their place. */
export const WRITTEN_WHOLE = /^keepalived\/|^prometheus\/tandem\.rules$|^prometheus\/prometheus\.yml\.d\/tandem\.yml$/;

const INI = /\.(?:conf|ini|cnf)$/;

/**
 * Tandem's overrides with the cloud's own files: laid over those that both have, and beside them as they are. Those that Tandem writes whole
 * are refused by `kolla-file-taken`, and are never replaced.
 */
export function withOwnFiles(
  name: string,
  files: readonly RenderedFile[],
  own: Cloud['ownFiles'] = {},
): RenderedFile[] {
  const entries = Object.entries(own).filter(([path]) => !WRITTEN_WHOLE.test(path));
  const byPath = new Map(entries.map(([path, content]) => [`config/${path}`, content]));
  const laid = files.map((file) => {
    const over = byPath.get(file.path);
    if (over === undefined || !INI.test(file.path)) return file;
    const about = `From ${ownFolder(name)}/${file.path.slice('config/'.length)}, in place of what Tandem writes of the same name:`;
    return { ...file, content: overlaid(file.content, over, about) };
  });
  const known = new Set(files.map(({ path }) => path));
  const added = [...byPath].filter(([path]) => !known.has(path));
  return [...laid, ...added.map(([path, content]) => ({ path, content, from: [['kolla']], keys: {} }))];
}

/** Where a cloud's own files stand, relative to the project's root. */
export function ownFolder(cloud: string): string {
  return `config/clouds/${cloud}.kolla`;
}
