/** A comment on a pull or merge request. */
export interface Comment {
  readonly id: string;
  readonly body: string;
  /** Whether the token's own user wrote it. */
  readonly isOwn: boolean;
  /** Where people read it. */
  readonly url: string;
}

/** What stands beside a commit in the forge's list of checks. */
export interface CommitStatus {
  readonly state: 'success' | 'failure';
  /** One line, at most 140 characters. */
  readonly description: string;
  /** Names the check; a later status of the same name takes its place. */
  readonly name: string;
}

/**
 * One pull or merge request, on whichever forge. Adapters: GitHub and GitLab. Both pass `test/lib/forge/forge.contract.ts` against
 * endpoints that behave as the forges' documentation says (`test/lib/forge/README.md`).
 */
export interface Forge {
  /** `GitHub` */
  readonly name: string;
  /** Characters that a comment may have. */
  readonly limit: number;
  /** The request's newest commit. */
  head(): Promise<string>;
  /** Oldest first, all pages. */
  comments(): AsyncIterable<Comment>;
  create(body: string): Promise<Comment>;
  /** Undefined where it was deleted meanwhile. */
  update(id: string, body: string): Promise<Comment | undefined>;
  /** One that is gone already is no error. */
  remove(id: string): Promise<void>;
  setStatus(commit: string, status: CommitStatus): Promise<void>;
}
