/** A commit, as far as a plan tells of it. */
export interface Commit {
  readonly id: string;
  readonly author: string;
  /** ISO 8601, in UTC. */
  readonly date: string;
  readonly summary: string;
}

/** What a plan asks of the repository's history. `lib/git` answers, with the same words; there each is described. */
export interface History {
  head(): Promise<string | undefined>;
  resolve(rev: string): Promise<string | undefined>;
  isShallow(): Promise<boolean>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  hasFile(commit: string, file: string): Promise<boolean>;
  deletionOf(file: string, since: string): Promise<Commit | undefined>;
  lastChangeOf(file: string, since: string): Promise<Commit | undefined>;
  isDirty(paths: readonly string[]): Promise<boolean>;
  branchOf(rev: string): Promise<string | undefined>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  countSince(base: string, tip: string): Promise<number>;
}

/** Who wrote a line, or last changed a file, as far as the clone knows; `lib/git` answers, and describes each kind. */
export type Writer =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'uncommitted' }
  | { readonly kind: 'cut-off'; readonly commit: string }
  | { readonly kind: 'no-history' };

export interface Writers {
  writerOf(file: string, line?: number): Promise<Writer>;
}
