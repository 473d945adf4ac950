import type { ChangeSet } from './change-set.ts';
import type { CloudFormationConnection } from './connection.ts';
import type { LiveResource } from './stack-state.ts';

/** What applying a plan needs. */
export interface Handle {
  readonly connection: CloudFormationConnection;
  /** Undefined where there is no stack yet. */
  readonly stackId: string | undefined;
  readonly changeSet: ChangeSet | undefined;
  /** The empty rest of a failed creation is removed first. */
  readonly recreate: boolean;
  /** Termination protection to set; undefined where it is as it should be. */
  readonly protection: boolean | undefined;
  /** What a removal takes with it, as far as data may be in it. @default - nothing */
  readonly doomed?: readonly LiveResource[];
  /** Of a removal, what it leaves in the account; of a creation, what an earlier removal left and is imported. @default - nothing */
  readonly kept?: readonly LiveResource[];
}
