import { entriesIn, fileError } from './files.ts';

export interface TreeEntry {
  /** Relative to the project's root. */
  readonly path: string;
  /** Of the blob. */
  readonly id: string;
  readonly size: number;
  readonly kind: 'file' | 'link' | 'other';
}

/** As Linux has it. */
const MAXIMUM_LINKS = 40;

/** The files of a commit as a file system: folders, and symbolic links that are followed inside the project. */
export class GitTree {
  readonly #entries: ReadonlyMap<string, TreeEntry>;
  readonly #folders: ReadonlySet<string>;
  readonly #targetOf: (link: TreeEntry) => string;

  constructor(entries: readonly TreeEntry[], targetOf: (link: TreeEntry) => string) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#folders = new Set(['', ...entries.flatMap(({ path }) => foldersOf(path))]);
    this.#targetOf = targetOf;
  }

  list(folder: string): string[] {
    if (!this.#folders.has(folder) && !this.#entries.has(folder) && !this.#isUnderLink(folder)) return [];
    const path = this.#resolve(folder);
    if (!this.#folders.has(path)) throw fileError('ENOTDIR');
    return entriesIn(this.#entries.keys(), path);
  }

  file(file: string): TreeEntry {
    const path = this.#resolve(file);
    const entry = this.#entries.get(path);
    if (entry === undefined) throw fileError('EISDIR');
    if (entry.kind !== 'file') throw fileError('ENOTFILE');
    return entry;
  }

  /** Ids of the files below a folder that are not too large. */
  blobsUnder(folder: string, maximumBytes: number): string[] {
    return [...this.#entries.values()]
      .filter(({ path, size, kind }) => kind === 'file' && size <= maximumBytes && path.startsWith(`${folder}/`))
      .map(({ id }) => id);
  }

  #isUnderLink(path: string): boolean {
    return foldersOf(path).some((folder) => this.#entries.get(folder)?.kind === 'link');
  }

  /** The path of a file or folder with every link followed. */
  #resolve(path: string): string {
    const rest = path.split('/').reverse();
    const resolved: string[] = [];
    let links = 0;
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (resolved.pop() === undefined) throw fileError('EOUTSIDE');
        continue;
      }
      const here = [...resolved, part].join('/');
      const entry = this.#entries.get(here);
      if (entry?.kind === 'link') {
        links += 1;
        if (links > MAXIMUM_LINKS) throw fileError('ELOOP');
        const target = this.#targetOf(entry);
        if (target.startsWith('/')) throw fileError('EOUTSIDE');
        rest.push(...target.split('/').reverse());
        continue;
      }
      if (entry === undefined && !this.#folders.has(here)) throw fileError(links > 0 ? 'EDANGLING' : 'ENOENT');
      if (entry !== undefined && rest.some((each) => each !== '' && each !== '.')) throw fileError('ENOTDIR');
      resolved.push(part);
    }
    return resolved.join('/');
  }
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
