/** A commit, as far as people want to read of it. */
export interface Commit {
  /** 40 hex digits. */
  readonly id: string;
  readonly author: string;
  /** ISO 8601, in UTC. */
  readonly date: string;
  /** First line of the message. */
  readonly summary: string;
}

/** Who wrote something, as far as this clone knows. */
export type Writer =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'uncommitted' }
  /** The clone is shallow and ends with this commit: it, or one before it, wrote it. */
  | { readonly kind: 'cut-off'; readonly commit: string }
  /** There is no repository, no commit in it, or no git on this machine. */
  | { readonly kind: 'no-history' };

/**
 * What Tandem asks of the repository around a project. Paths are relative to the project's root, which may be a folder inside
 * the repository. Nothing here writes to the repository. All methods answer for a folder that is in none: no head, no commit.
 *
 * The fake (`memoryGit`) fulfils the same contract; one test runs over both.
 */
export interface Git {
  /** The checked-out commit; undefined outside a repository and before the first commit. */
  head(): Promise<string | undefined>;
  /** The full id of what `rev` means; undefined where it names no commit of this clone. */
  resolve(rev: string): Promise<string | undefined>;
  /** Whether history was cut off, so that an absent commit may exist elsewhere. */
  isShallow(): Promise<boolean>;
  /** Whether `ancestor` is `descendant` or lies in its history. False where either is absent. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The branch, of this clone or of a remote, that `rev` names; undefined for what names a commit otherwise, HEAD and tags included. */
  branchOf(rev: string): Promise<string | undefined>;
  /** The last commit that both histories have; undefined where they have none, or where it was cut off. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** How many commits the history of `tip` has that `base`'s lacks. */
  countSince(base: string, tip: string): Promise<number>;
  /**
   * Whether a commit is this project's own: in the history of HEAD, or of a branch of the remote; any one, where there is no remote. One
   * that was fetched from a fork is neither.
   */
  isOwn(commit: string): Promise<boolean>;
  /** Whether a commit has the file. */
  hasFile(commit: string, file: string): Promise<boolean>;
  /** The last commit after `since`, up to and with HEAD, that deleted the file; undefined where there is none. */
  deletionOf(file: string, since: string): Promise<Commit | undefined>;
  /** The last commit after `since`, up to and with HEAD, that touched the file. */
  lastChangeOf(file: string, since: string): Promise<Commit | undefined>;
  /**
   * E-mail addresses of those who wrote the commits of HEAD that `since` does not have, and that touched these paths; without `since`, of
   * the last such commit. Sorted, in lowercase.
   */
  authorsOf(paths: readonly string[], since?: string): Promise<readonly string[]>;
  /** Whether the working tree differs from HEAD at these paths, files that git does not know yet included. */
  isDirty(paths: readonly string[]): Promise<boolean>;
  /** Whether a commit and the working tree have the same content at these paths. */
  isSame(commit: string, paths: readonly string[]): Promise<boolean>;
  /**
   * Who wrote a line of the working tree's file, or last changed the file. Links are followed, also into a submodule.
   * @param line from 1 @default the whole file
   */
  writerOf(file: string, line?: number): Promise<Writer>;
  /** Where people read the repository in a browser, e.g. `https://github.com/acme/clouds`; undefined without a remote. */
  remoteUrl(): Promise<string | undefined>;
  /** The project's folder inside the repository, e.g. `infra/tandem`; empty at its root. */
  prefix(): Promise<string>;
}
