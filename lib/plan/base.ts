import type { StackId } from '../stack/id.ts';
import type { EngineName } from '../stack/synthesized.ts';
import type { StackTarget } from '../stack/target.ts';
import type { PlanBase, Source } from './model.ts';

/** A stack as the base has it. */
export interface BaseStack {
  readonly id: StackId;
  readonly engine: EngineName;
  readonly text: string;
  readonly digest: string;
  /** Commit of the configuration that it was made from; empty where that is not known. */
  readonly commit: string;
  /** Files of the configuration that it stood on, its own first. */
  readonly files: readonly string[];
  /** Where it was, or would have been, applied; undefined where the base does not say. */
  readonly target?: StackTarget | undefined;
  /** By whom and when it was applied, of a record. */
  readonly applied?: { readonly by: string; readonly at: string };
  /** The line, as of `commit`, that a resource came from. @default the first line of its own file */
  readonly locate?: (address: string) => Source | undefined;
}

/** What a plan compares with. */
export interface Base extends PlanBase {
  readonly stacks: ReadonlyMap<StackId, BaseStack>;
  /** Why a stack's record cannot be read, naming the file. What would change there is unknown. @default - all can be read */
  readonly unreadable?: ReadonlyMap<StackId, string>;
}
