import type { Project } from '../config/project.ts';
import type { StackDefinition } from '../engines/definition.ts';
import type { Engine, Identities, Mac, StackEvent } from '../engines/engine.ts';
import type { Holding } from '../engines/holdings.ts';
import type { TandemError } from '../errors/tandem-error.ts';
import type { Git } from '../git/git.ts';
import type { Plan, StackPlan } from '../plan/model.ts';
import type { StackId } from '../stack/id.ts';
import type { EngineName, SynthesizedStack } from '../stack/synthesized.ts';
import type { Journal, UnfinishedOperation } from '../state/journal.ts';
import type { LineageStore } from '../state/lineage.ts';
import type { HeldLock, Lock, LockStore } from '../state/lock.ts';
import type { RecordStore } from '../state/record.ts';
import type { States } from '../state/states.ts';
import type { Versions } from '../state/versions.ts';
import type { BootSecretsPort } from './boot-secrets/open.ts';
import type { Durations } from './durations.ts';
import type { Progress } from './progress.ts';

/** A stack and what is to become of it. */
export interface Target {
  readonly stack: SynthesizedStack;
  /** Removes the stack: its artefact is the one that was last applied. */
  readonly destroy: boolean;
}

/** Everything through which an operation reaches the world. */
export interface DeployPorts {
  readonly engines: Readonly<Partial<Record<EngineName, Engine>>>;
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly locks: LockStore;
  /** Earlier states and records. */
  readonly versions: Versions;
  readonly lineage: LineageStore;
  readonly states: Pick<States, 'read' | 'write'>;
  readonly durations: Durations;
  readonly git: Git;
  /** The artefacts of some stacks of a catalogue. */
  readonly synthesize: (
    catalogue: readonly StackDefinition[],
    only: ReadonlySet<StackId>,
  ) => Promise<SynthesizedStack[]>;
  /** Who acts. */
  readonly actor: { readonly by: string; readonly host: string };
  /** Commit of the configuration; empty outside a repository. */
  readonly commit: string;
  readonly now: () => Date;
  /** Closes connections, so that the process can end. */
  readonly close: () => Promise<void>;
  /** Runs a command that the configuration names, as `run-check.ts` does. */
  readonly check: (
    command: readonly string[],
    signal: AbortSignal,
  ) => Promise<{ readonly code: number; readonly said: string }>;
  /** Hands servers their secrets. @default - nobody does: for tests, and stacks whose servers need none */
  readonly bootSecrets?: BootSecretsPort;
  /** Waits between attempts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export type StackPhase = 'planning' | 'planned' | 'applying' | 'done' | 'unchanged' | 'failed' | 'skipped' | 'waiting';

/** What an operation tells while it works. Never holds a secret. */
export type DeployEvent =
  | StackEvent
  | {
      readonly kind: 'operation';
      readonly operation: string;
      readonly verb: string;
      readonly stacks: readonly StackId[];
      readonly resumes: boolean;
    }
  | { readonly kind: 'unfinished'; readonly operation: UnfinishedOperation; readonly takesOver: boolean }
  | { readonly kind: 'waiting-for-lock'; readonly holder: Lock }
  | {
      readonly kind: 'stack';
      readonly stack: StackId;
      readonly phase: StackPhase;
      readonly seconds: number;
      readonly reason?: string;
    }
  /** Where some stacks failed and others did not: what became of each, before the error says how to go on. */
  | { readonly kind: 'report'; readonly stacks: readonly StackReport[] }
  /** When applying begins: how long it will take, from earlier runs. `known` is the share of changes that were seen before. */
  | { readonly kind: 'forecast'; readonly seconds: number; readonly known: number };

/** What an operation needs of the world, whatever it changes. */
export type OperationPorts = Pick<DeployPorts, 'journal' | 'locks' | 'actor' | 'commit' | 'now'>;

/** An operation under way: its stacks are locked and it is in the journal. */
export interface RunningOperation {
  readonly id: string;
  /** What an earlier run of it had finished; undefined where this is the first. */
  readonly resumed: UnfinishedOperation | undefined;
  /** Stacks that an earlier operation, or this one before its resume, may have left half made. */
  readonly interrupted: ReadonlySet<StackId>;
  /** What is written on their stacks is written under them. */
  readonly locks: readonly HeldLock[];
  /** What it began and finished, whatever becomes of the journal. */
  readonly progress: Progress;
  /**
   * Runs a step that may be repeated safely: it is in the journal before it begins, and marked done after it.
   * @throws TandemError `lock-lost` before the work begins, where somebody released or took a lock
   */
  step<T>(key: string, work: () => Promise<T>, notes?: StepNotes): Promise<T>;
  /** From now on, steps say who acts: by stack, as its cloud knows the caller. */
  actAs(identities: Identities): void;
  /** Asks the store whether the locks, or that of one stack, are still held. @throws TandemError `lock-lost` */
  assertHeld(stack?: StackId): Promise<void>;
  declined(): TandemError;
}

/** What the journal says of a step besides its key. Never a secret. */
export interface StepNotes {
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Asked after the step. */
  readonly result?: () => unknown;
}

/** How an operation locks, begins, resumes and ends. */
export interface OperationOptions {
  /** What the operator runs: `deploy`, `env create`. */
  readonly verb: string;
  readonly signal: AbortSignal;
  /** How long to wait for stacks that somebody else works on, in seconds. @default 0 */
  readonly lockTimeoutSeconds?: number;
  readonly emit: (event: DeployEvent) => void;
  /** What a resume needs besides the stacks; never a secret. */
  readonly arguments?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  /** What goes on with it after an interruption, as the journal has it. @default deploy */
  readonly resume?: string;
  /** Id of an interrupted operation to go on with. @default - a new one is begun */
  readonly resumesId?: string | undefined;
  /** An operation that the caller runs on these stacks, and will end: its locks are used, and steps are written there. @default - none */
  readonly within?: RunningOperation;
  /**
   * Whether an unfinished operation on these stacks is this one, interrupted: it is resumed. For commands that are resumed by being run
   * again, without an id; asked once the locks are held, when nobody can finish it meanwhile.
   * @default - none is
   */
  readonly resumes?: (open: UnfinishedOperation) => boolean;
  /**
   * Why this operation must not begin while another on these stacks is unfinished; undefined where it may. Asked as `resumes` is.
   * @default - it may
   */
  readonly refuses?: (open: UnfinishedOperation) => TandemError | undefined;
  /**
   * Stays open after every failure, and its error is thrown as it is. For an operation whose first step changes files before any stack:
   * a run that fails there is resumed as well.
   * @default false - one that had no effect on a stack ends, as failed
   */
  readonly staysOpen?: boolean;
  /** What was done and what is left, for the error of a failure. @default - the names of its steps */
  readonly tells?: () => string;
  /**
   * Success ends every other unfinished operation on these stacks, whichever command it belongs to. For commands that bring a stack to its
   * desired state whatever another left half done.
   * @default false - only deploys that are about no other stacks
   */
  readonly supersedesAll?: boolean;
}

/** People's work that is lost with a stack. */
export interface StackHoldings {
  readonly stack: StackId;
  readonly holdings: readonly Holding[];
}

/** Stacks at once, where nobody says how many. */
export const STACKS_AT_ONCE = 4;
/** Resources of a stack at once, where nobody says how many: what OpenStack's APIs bear. */
export const RESOURCES_AT_ONCE = 20;

export interface DeployOptions extends OperationOptions {
  /** Stacks at once. @default 4 */
  readonly parallelism?: number | undefined;
  /** Resources of a stack at once. @default 20 */
  readonly resourceParallelism?: number | undefined;
  /** Shows the plan and asks. Not called where nothing would change. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  /** Stacks that stay where they are, and are made anew where they go now. @default - none: a changed target is refused */
  readonly leaveBehind?: ReadonlySet<StackId> | undefined;
  /**
   * Asks for a word of its own where stacks were applied from a commit that this checkout does not have. @default - it is only shown: the
   * caller deploys what it made on the newest commit
   */
  readonly confirmRevert?: (stacks: readonly StackPlan[]) => Promise<boolean>;
  /** Takes out what is removed together with stacks: their data is lost. @default false */
  readonly empty?: boolean;
  /**
   * Asks for a word of its own where people's work is lost with stacks, and `empty` does not say so. @default - refused
   * @throws TandemError `holds-data` where nobody can be asked
   */
  readonly confirmEmpty?: (stacks: readonly StackHoldings[]) => Promise<boolean>;
  /** What is looked up again, by address and attribute, as `PlanOptions` has it. @default - nothing */
  readonly unpinned?: readonly string[] | undefined;
  /**
   * A part of the one stack that is deployed, for who changes a stack in several steps: nothing else is touched, and the record stays as it
   * was until a run without it. `name` tells the steps of one operation apart, and has no space. @default - all of it
   */
  readonly only?: { readonly name: string; readonly addresses: readonly string[] } | undefined;
  /** Marks hidden values in plans, for bundles. @default - they are only hidden */
  readonly mac?: Mac | undefined;
  /**
   * A stack that waited, and whose plan has more than was shown, is left for a second approval instead of a second question; what depends
   * on it is skipped, and the rest goes on. @default false
   */
  readonly stopsWaiting?: boolean;
  /** Deploys to an environment that comes after another whether or not that one has it: an emergency. @default false */
  readonly skipLadder?: boolean | undefined;
  /** Looks for leftovers even where no operation is known to have been interrupted. @default false */
  readonly adopt?: boolean;
  /**
   * Stacks whose cloud was rebuilt, as the operator says: that their state is lost is no reason to refuse, and what the cloud no longer
   * has, proven by its own answer for each thing, is forgotten first. @default - none
   */
  readonly recreate?: ReadonlySet<StackId> | undefined;
}

export interface StackResult {
  readonly id: StackId;
  /** `waiting`: its plan has more than was approved, or it takes a value that is not there yet. */
  readonly outcome: 'applied' | 'destroyed' | 'unchanged' | 'skipped' | 'waiting';
  readonly seconds: number;
  /** Changes that were made. */
  readonly changes: number;
}

/** What became of a stack in an operation that failed. */
export interface StackReport {
  readonly id: StackId;
  readonly outcome: StackResult['outcome'] | 'failed';
  readonly seconds: number;
  readonly changes: number;
  /** Why it failed, or was not begun. */
  readonly reason?: string;
}

export interface DeployResult {
  readonly operation: string;
  /** The plan that was shown. */
  readonly plan: Plan;
  readonly stacks: readonly StackResult[];
  /** Stacks that are left for a second approval, with what was not approved; only where `stopsWaiting` asks for it. */
  readonly waiting?: readonly { readonly stack: StackId; readonly beyond: readonly string[] }[];
}

export interface DeployRequest {
  readonly project: Project;
  readonly targets: readonly Target[];
}
