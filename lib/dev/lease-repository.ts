import type { ConfigFiles } from '../config/files.ts';

/** What leases ask of the repository that they are written in. Adapter: `lease-commit.ts`. */
export interface LeaseRepository {
  /**
   * Whether a commit could be made at all.
   * @throws TandemError `no-git-identity`; `git-failed` where something is under way that a commit would become part of
   */
  requireReady(): Promise<void>;
  /**
   * Looks at the branch that leases go to, as its remote has it now. Writes nothing that anybody sees.
   * @throws TandemError `git-failed`
   */
  survey(file: string): Promise<LeaseBranch>;
  /** When that file was last committed, ISO 8601; undefined where it never was. */
  lastChange(file: string): Promise<string | undefined>;
  /** E-mail address that commits of this checkout carry; undefined outside a repository, or where git knows none. */
  identity(): Promise<string | undefined>;
  /** E-mail address of who committed a line of the file, from 1; undefined where it is not committed, or nobody knows. */
  writerOf(file: string, line: number): Promise<string | undefined>;
}

/** The branch that a lease's commit goes to: the upstream of the checked-out one, its like at the remote, or the remote's default. */
export interface LeaseBranch {
  /** As people say it: `origin/main`, or `HEAD` without a remote; undefined outside a repository. */
  readonly label: string | undefined;
  /** Whether it is a remote's. */
  readonly isShared: boolean;
  /** Whether the branch has another version of the lease than this checkout, and not merely the one that this checkout started from. */
  readonly isBehind: boolean;
  /** Who committed the lease there last, `Name <e-mail>`; undefined where it never was there. */
  readonly by: string | undefined;
  /** The project's files at the tip; undefined where there is no commit. */
  files(): ConfigFiles | undefined;
  /** Whether a commit is the tip or in its history. */
  contains(commit: string): Promise<boolean>;
  /**
   * Commits the lease alone onto the branch, pushes the commit, and brings the file and, where that is a fast-forward, the branch of this
   * checkout to it. Whatever else the checkout holds stays as it is. Where the branch has the lease so already, nothing is committed.
   * @throws TandemError `git-failed`, `lease-changed` where somebody changed the lease since the survey
   */
  publish(change: LeaseChange): Promise<Published>;
}

export interface LeaseChange {
  /** Undefined removes the file. */
  readonly text: string | undefined;
  readonly message: string;
}

/** Where a lease's commit is. */
export interface Published {
  /**
   * `none`: there is no repository. `local`: there is no remote, or it has no branch yet. `aside`: the remote protects the branch, so the
   * commit went to one of its own, to be merged by a pull request.
   */
  readonly kind: 'none' | 'local' | 'pushed' | 'aside';
  /** Whether this call made the commit. */
  readonly isNew: boolean;
  /** The commit that has the lease so; undefined outside a repository. */
  readonly commit: string | undefined;
  /** `origin/main`, `origin/lease/alice`. */
  readonly branch: string;
  /** What merges it, where it is `aside`. */
  readonly command: string | undefined;
  /** Why the branch of this checkout does not have it; undefined where it has. */
  readonly notFollowed: string | undefined;
}
