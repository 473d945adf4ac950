import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Sources } from './sources.ts';

/** A layer of `.dependency-cruiser.cjs`, and which of its rooms exist. */
export interface Layer {
  readonly name: string;
  readonly rooms: readonly string[];
}

/** What one room takes from another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Import statements. */
  readonly imports: number;
}

/** The rooms of the product (folders of `lib/`, and `stacks`) in their layers from the top down, and who imports from whom. */
export interface Rooms {
  readonly layers: readonly Layer[];
  readonly edges: readonly Edge[];
}

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: string | readonly string[] };
  readonly to: { readonly path?: string | readonly string[] };
}

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: readonly Rule[] };

/** Name and path patterns of each layer, from the top down: the rules say them, each for what is below. */
function layerPatterns(): readonly { readonly name: string; readonly pattern: RegExp }[] {
  const oneWay = rules.forbidden.filter(({ name }) => name.startsWith('only-down-from-'));
  const layers = oneWay.map(({ name, to }) => ({ name: name.replace('only-down-from-', ''), path: to.path }));
  const floor = { name: 'errors', path: oneWay.at(-1)?.from.path };
  return [...layers, floor].map(({ name, path }) => ({ name, pattern: new RegExp([path ?? []].flat().join('|')) }));
}

const roomOf = (file: string): string => /^lib\/([^/]+)\//.exec(file)?.[1] ?? file.split('/')[0] ?? file;

/** Reads the rooms and their imports from source files. */
export function readRooms(sources: Sources): Rooms {
  const patterns = layerPatterns();
  const files = [...sources.keys()].filter((file) => patterns.some(({ pattern }) => pattern.test(file)));
  const layers = patterns.map(({ name, pattern }) => ({
    name: name.replaceAll('-', ' '),
    rooms: [...new Set(files.filter((file) => pattern.test(file)).map(roomOf))].sort(),
  }));
  const counts = new Map<string, number>();
  const known = new Set(files);
  for (const file of files)
    for (const [, path = ''] of (sources.get(file) ?? '').matchAll(/(?:\bfrom|\bimport\()\s*'(\.[^']+)'/g)) {
      const imported = join(file, '..', path);
      const edge = `${roomOf(file)} ${roomOf(imported)}`;
      if (known.has(imported) && roomOf(file) !== roomOf(imported)) counts.set(edge, (counts.get(edge) ?? 0) + 1);
    }
  const edges = [...counts].sort().map(([edge, imports]) => {
    const [from = '', to = ''] = edge.split(' ');
    return { from, to, imports };
  });
  return { layers, edges };
}
