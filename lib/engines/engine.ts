import type { Change, Finding, StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import type { EngineName, SynthesizedStack } from '../stack/synthesized.ts';
import type { Holding } from './holdings.ts';
import type { Mark, MarkOptions, OwnMark } from './lineage.ts';

/** A stack plan that was computed against the live cloud and can be applied as it is. */
export interface FrozenStackPlan {
  readonly stack: SynthesizedStack;
  readonly plan: StackPlan;
  /** Destroys the stack instead of applying it. */
  readonly destroy: boolean;
  /** Whether applying it does anything at all: a plan without changes may still write outputs or imports to the state. */
  readonly hasEffect: boolean;
  /** What the engine needs to apply exactly this plan (a Terraform plan file, a change set). Opaque; may hold secrets, never printed. */
  readonly handle: unknown;
  /** Of a removal: data that goes or stays with it. @default - none is known */
  readonly holdings?: readonly Holding[];
}

/** What an engine tells while it works. Never holds a secret. */
export type StackEvent =
  | {
      readonly kind: 'resource';
      readonly stack: StackId;
      readonly address: string;
      readonly action: 'create' | 'update' | 'delete' | 'read' | 'import';
      readonly phase: 'start' | 'progress' | 'done' | 'failed';
      readonly seconds: number;
      readonly id?: string;
    }
  | {
      readonly kind: 'retry';
      readonly stack: StackId;
      readonly reason: string;
      readonly attempt: number;
      readonly delaySeconds: number;
    }
  | { readonly kind: 'message'; readonly stack: StackId; readonly level: 'info' | 'warn'; readonly text: string };

/** What of a stack's state its cloud no longer has. */
export interface Lost {
  /** Addresses of what is gone, sorted. */
  readonly addresses: readonly string[];
  /** Id of the stack's own project, where that is gone. */
  readonly project: string | undefined;
  /** What still stands in that project, where nobody can work any more. */
  readonly orphans: readonly { readonly address: string; readonly id: string }[];
}

/** Values that a stack gives to people and to other stacks. */
export type Outputs = Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>;

/** By stack, who its cloud says that we are: an ARN, or a user with its project. Never a secret. */
export type Identities = ReadonlyMap<StackId, string>;

export interface EngineOptions {
  readonly signal: AbortSignal;
  /** Resources at once. @default 20 */
  readonly parallelism: number;
  /**
   * The caller does not hold the stack's lock and only wants to look: nothing that somebody else's operation on it uses is touched.
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * Called before each effect that is begun: throws `lock-lost` where somebody else holds the stack's lock by now.
   * @default - the lock is taken for held
   */
  readonly fence?: () => Promise<void>;
  /** Takes out first what a resource cannot be deleted with, and all of it: somebody asked for that. @default false */
  readonly empty?: boolean;
  /** Finds out the request ids of what the cloud refuses, at some cost. @default false */
  readonly trace?: boolean;
}

/** A keyed digest of a value that must not be shown: equal for equal values, and nothing to guess them from without the key. */
export type Mac = (value: unknown) => string;

export interface PlanOptions extends EngineOptions {
  /** Plans the removal of everything instead. */
  readonly destroy: boolean;
  /**
   * Looks for what an interrupted apply of this stack left in the cloud without noting it, and plans to take it over instead of
   * making it twice. Costs requests, so it is asked for only where there may be something.
   */
  readonly adopt: boolean;
  /**
   * The artefact that was last applied. What its resources keep from when they were made changes only where the wanted artefact names
   * something else. @default - unknown: everything is kept
   */
  readonly applied?: string | undefined;
  /** What is looked up again although nothing names anything else, by address and attribute. @default - nothing */
  readonly unpinned?: readonly string[] | undefined;
  /** Addresses that alone are planned, with what they need. For an engine that can: others plan all. @default - everything */
  readonly only?: readonly string[] | undefined;
  /** Marks sensitive attributes, for bundles. @default - they are only hidden */
  readonly mac?: Mac | undefined;
  /** Told of waits and of what is adopted. */
  readonly emit?: (event: StackEvent) => void;
}

/** One way to plan and change one kind of stack. */
export interface Engine {
  readonly name: EngineName;
  /**
   * Compares who the operator's credentials say that we are with what the configuration names, for every place where these stacks
   * are. Nothing else is asked of a cloud before.
   * @returns who we are there, for the journal; none where no cloud is asked
   * @throws TandemError `wrong-cloud`, `wrong-account` and those of missing or refused credentials
   */
  assertIdentity(stacks: readonly StackId[], signal: AbortSignal): Promise<Identities>;
  /** Plans against the live cloud; no effect on it. */
  plan(stack: SynthesizedStack, options: PlanOptions): Promise<FrozenStackPlan>;
  /**
   * Journaled by the caller; resumable; safe to repeat. An abort stops it cleanly: what is begun is finished and noted.
   * @throws TandemError `stack-failed`, its `details.faults` telling what the cloud answered
   */
  apply(frozen: FrozenStackPlan, options: EngineOptions): AsyncIterable<StackEvent>;
  /**
   * Changes that create a stack, with what is there already: what its earlier removal kept is imported. For a stack that cannot be planned
   * yet. @default - nothing is kept
   */
  withKept?(stack: SynthesizedStack, changes: readonly Change[]): Promise<readonly Change[]>;
  /**
   * What the cloud would refuse of a stack's changes, found out before any is made, by looks that change nothing. What cannot be found
   * out is a finding, and no error. @default - nothing is asked
   */
  preflight?(stack: SynthesizedStack, changes: readonly Change[], now: Date): Promise<readonly Finding[]>;
  /** Discards a plan that is not, or no longer, to be applied. */
  discard(frozen: FrozenStackPlan): Promise<void>;
  /** Differences between the last applied state and the cloud. */
  drift(stack: SynthesizedStack, options: EngineOptions): Promise<StackPlan>;
  /**
   * Whose state the stack belongs to, as its cloud says; undefined where nothing of it is there. @default - its clouds keep no marks
   */
  lineageOf?(stack: SynthesizedStack, signal: AbortSignal): Promise<Mark | undefined>;
  /**
   * Marks a stack, before its first effect and, where it then can carry the mark itself, after it. Gives what marks it then: another's
   * mark where somebody was quicker; undefined where there is no place for marks.
   */
  mark?(stack: SynthesizedStack, own: OwnMark, options: MarkOptions): Promise<Mark | undefined>;
  /** Removes what `mark` made, after the stack is gone. */
  unmark?(stack: SynthesizedStack, signal: AbortSignal): Promise<void>;
  outputs(stack: SynthesizedStack, options: EngineOptions): Promise<Outputs>;
  /**
   * What of the stack's state its cloud says it no longer has; a cloud that gives no answer is an error. @default - its state is in the
   * cloud itself, or there is none
   */
  lost?(stack: SynthesizedStack, signal: AbortSignal): Promise<Lost | undefined>;
  /** Takes resources out of the state: they are not there any more. */
  forget?(stack: SynthesizedStack, addresses: readonly string[]): Promise<void>;
  /**
   * What the engine itself keeps of a stack (Terraform's state), in clear: it holds secrets. Null where there should be something and is
   * nothing; undefined where it keeps none.
   * @default - it keeps nothing
   */
  readState?(stack: SynthesizedStack): Promise<string | null | undefined>;
  /** Puts an earlier state back, in place of whatever is there. The caller holds the stack's lock, and has kept what is there. */
  writeState?(stack: SynthesizedStack, text: string): Promise<void>;
}
