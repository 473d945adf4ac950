import { createHash } from 'node:crypto';
import type { Commit, Git } from '../../../lib/git/git.ts';

type Files = Readonly<Record<string, string>>;

interface Node extends Commit {
  readonly parents: readonly string[];
  readonly files: Files;
}

/** A repository in memory: the fake of `Git`, with the few verbs that make a history. */
export interface MemoryGit extends Git {
  /** Commits exactly these files onto HEAD, and checks them out. */
  commit(summary: string, files: Files, options?: { readonly author?: string }): string;
  /** Moves HEAD, and checks its files out. */
  checkout(commit: string): void;
  /** Names a commit. */
  branch(name: string, commit: string): void;
  /** Changes the working tree only. */
  write(files: Files): void;
}

/** @param options.remote as `git remote get-url` would say it, already as a web address */
export function memoryGit(options: { readonly shallow?: boolean; readonly remote?: string } = {}): MemoryGit {
  const commits = new Map<string, Node>();
  const branches = new Map<string, string>();
  let head: string | undefined;
  let tree: Files = {};
  const history = (from: string | undefined): Node[] => {
    const found: Node[] = [];
    for (let node = from === undefined ? undefined : commits.get(from); node !== undefined; ) {
      found.push(node);
      node = commits.get(node.parents[0] ?? '');
    }
    return found;
  };
  const after = (since: string): Node[] => {
    const known = new Set(history(since).map((node) => node.id));
    return history(head).filter((node) => !known.has(node.id));
  };
  const parentOf = (node: Node): Files => commits.get(node.parents[0] ?? '')?.files ?? {};
  const isAncestor = (ancestor: string, descendant: string) =>
    commits.has(ancestor) && history(descendant).some((node) => node.id === ancestor);
  return {
    head: () => Promise.resolve(head),
    resolve: (rev) => {
      const matching = [...commits.keys()].filter((id) => rev.length >= 4 && id.startsWith(rev));
      const found = rev === 'HEAD' ? head : branches.get(rev);
      return Promise.resolve(found ?? (matching.length === 1 ? matching[0] : undefined));
    },
    isShallow: () => Promise.resolve(options.shallow ?? false),
    isAncestor: (ancestor, descendant) => Promise.resolve(isAncestor(ancestor, descendant)),
    branchOf: (rev) => Promise.resolve(branches.has(rev) ? rev : undefined),
    mergeBase: (a, b) => Promise.resolve(history(a).find((node) => isAncestor(node.id, b))?.id),
    countSince: (base, tip) => Promise.resolve(history(tip).filter((node) => !isAncestor(node.id, base)).length),
    isOwn: (commit) =>
      Promise.resolve(options.remote === undefined || (head !== undefined && isAncestor(commit, head))),
    hasFile: (commit, file) => Promise.resolve(commits.get(commit)?.files[file] !== undefined),
    deletionOf: (file, since) =>
      Promise.resolve(bare(after(since).find((node) => !(file in node.files) && file in parentOf(node)))),
    lastChangeOf: (file, since) =>
      Promise.resolve(bare(after(since).find((node) => node.files[file] !== parentOf(node)[file]))),
    authorsOf: (paths, since) => {
      const touched = (since === undefined ? history(head) : after(since)).filter(
        (node) => !same(node.files, parentOf(node), paths),
      );
      const authors = (since === undefined ? touched.slice(0, 1) : touched).map(({ author }) => author);
      return Promise.resolve([...new Set(authors.map((each) => `${each.toLowerCase()}@example.org`))].sort());
    },
    isDirty: (paths) => Promise.resolve(!same(tree, commits.get(head ?? '')?.files ?? {}, paths)),
    isSame: (commit, paths) => Promise.resolve(same(tree, commits.get(commit)?.files ?? {}, paths)),
    writerOf(file, line) {
      if (head === undefined) return Promise.resolve({ kind: 'no-history' });
      const changed = () => history(head).find((node) => node.files[file] !== parentOf(node)[file]);
      const node = line === undefined ? changed() : blame(history(head), tree, file, line);
      const commit = bare(node);
      if (node === undefined || commit === undefined) return Promise.resolve({ kind: 'uncommitted' });
      const isCutOff = options.shallow === true && node.parents.length === 0;
      return Promise.resolve(isCutOff ? { kind: 'cut-off', commit: node.id } : { kind: 'commit', commit });
    },
    remoteUrl: () => Promise.resolve(options.remote),
    prefix: () => Promise.resolve(''),
    commit(summary, files, { author = 'Ada' } = {}) {
      const parents = head === undefined ? [] : [head];
      const date = new Date(1_780_000_000_000 + commits.size * 60_000).toISOString().replace('.000', '');
      const id = createHash('sha1')
        .update(JSON.stringify([summary, files, parents]))
        .digest('hex');
      commits.set(id, { id, author, date, summary, parents, files });
      head = id;
      tree = files;
      return id;
    },
    checkout(commit) {
      head = commit;
      tree = commits.get(commit)?.files ?? {};
    },
    branch(name, commit) {
      branches.set(name, commit);
    },
    write(files) {
      tree = files;
    },
  };
}

function bare(node: Node | undefined): Commit | undefined {
  return node === undefined ? undefined : { id: node.id, author: node.author, date: node.date, summary: node.summary };
}

function same(a: Files, b: Files, paths: readonly string[]): boolean {
  const at = (files: Files) =>
    JSON.stringify(
      Object.entries(files)
        .filter(([file]) => paths.some((path) => file === path || file.startsWith(`${path}/`)))
        .sort(),
    );
  return at(a) === at(b);
}

/** By the line's text: the oldest commit of the unbroken run of commits that have it. Enough for lines that occur once. */
function blame(newestFirst: readonly Node[], tree: Files, file: string, line: number): Node | undefined {
  const text = tree[file]?.split('\n')[line - 1];
  if (text === undefined) return undefined;
  let author: Node | undefined;
  for (const node of newestFirst) {
    if (node.files[file]?.split('\n').includes(text) !== true) break;
    author = node;
  }
  return author;
}
