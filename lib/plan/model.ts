import type { StackId } from '../stack/id.ts';
import type { EngineName, UnresolvedInput } from '../stack/synthesized.ts';
import type { StackTarget } from '../stack/target.ts';

/** What a plan compares with. `empty`: nothing exists. */
export interface PlanBase {
  readonly kind: 'commit' | 'record' | 'live' | 'empty';
  /** A commit's id; empty otherwise. */
  readonly ref: string;
  /** Where a branch was named: what it is called, and how many commits it has that this checkout lacks. `ref` is where both began to differ. */
  readonly branch?: { readonly name: string; readonly behind: number };
}

/** What stands for a value that must not be shown. */
export const HIDDEN = '(sensitive)';

/** `interrupt`: an update in place that stops or wipes the resource, such as a rebuild or a resize (`interruptions.ts`). */
export type Action = 'create' | 'update' | 'interrupt' | 'replace' | 'delete' | 'move' | 'import' | 'forget';

/** The order in which people want to read changes: what destroys comes first. */
export const ACTIONS: readonly Action[] = [
  ...(['delete', 'replace', 'interrupt', 'update', 'forget', 'move', 'import', 'create'] as const),
];

/** Whether an action destroys what is there, or stops or wipes it. */
export function isDisruptive(action: Action): boolean {
  return action === 'delete' || action === 'replace' || action === 'interrupt';
}

export interface AttributeChange {
  /** Dotted, with indexes: `network.0.port`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The value is known only once something else exists. */
  readonly afterUnknown: boolean;
  /** Values of sensitive attributes are replaced before they get here. */
  readonly sensitive: boolean;
  readonly forcesReplacement: boolean;
  /** Of a sensitive attribute in a bundle: a keyed digest of its values, so that a changed secret is another change. */
  readonly mac?: string;
}

/** A line of the configuration. */
export interface Source {
  readonly file: string;
  readonly line: number;
  /** The commit in which the line stands, where it is not the working tree's. */
  readonly commit?: string;
}

export interface Change {
  /** `openstack_compute_instance_v2.web-1` or a CloudFormation logical id. */
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  readonly reasons: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /** The line that the change comes from; null where it comes from no configuration. */
  readonly source: Source | null;
  /** Only hashes or metadata differ: folded by renderers, but counted. */
  readonly noise: boolean;
  readonly restarts: readonly string[];
  readonly findings: readonly string[];
}

/** A change before its source is known. */
export type BareChange = Omit<Change, 'source'>;

/**
 * `waiting`: its inputs do not exist yet; `unknown-here`: recorded, but this checkout cannot tell whether it was removed on
 * purpose, so nothing may destroy it; `error`: could not be planned, with the reason.
 */
export type StackStatus = 'changed' | 'unchanged' | 'waiting' | 'unknown-here' | 'error';

export interface StackPlan {
  readonly id: StackId;
  readonly engine: EngineName;
  readonly status: StackStatus;
  readonly changes: readonly Change[];
  readonly unresolvedInputs: readonly UnresolvedInput[];
  /** Values of other stacks that it was planned with. @default - none, or none yet */
  readonly inputs?: readonly { readonly name: string; readonly from: StackId; readonly value: string }[];
  readonly drift: readonly Change[];
  /** Where the stack goes, as configured. */
  readonly target?: StackTarget;
  /**
   * Where the stack was, if it goes somewhere else now: `changes` are about the new place, and these are what stays behind in the old one,
   * owned by nobody and paid for, unless it is destroyed first.
   */
  readonly leaves?: { readonly target: StackTarget; readonly changes: readonly Change[] };
  /** Changes of other stacks that reach this one through its inputs: it is planned again after them. */
  readonly after?: readonly { readonly stack: StackId; readonly reason: string }[];
  /** The record's commit, if this checkout does not have it in its history: deploying from here reverts it. */
  readonly ahead?: {
    readonly commit: string;
    readonly by: string;
    readonly at: string;
    /** Why it cannot be told whether this checkout has it; undefined where it is known that it has not. */
    readonly unknown?: string;
  };
  /** Where all of the stack comes or goes: it is not there before, or not after. */
  readonly whole?: 'new' | 'gone';
  /** Why the status is `unknown-here` or `error`. */
  readonly reason?: string;
  /** Where the stack belongs to another state: whose, as its cloud says; `lineage` is null where it does not say. */
  readonly belongsTo?: {
    readonly lineage: string | null;
    readonly by: string;
    readonly at: string;
    readonly place: string;
  };
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly interrupt: number;
  readonly replace: number;
  readonly delete: number;
  /** Changes of what is no resource: outputs, parameters, providers, moves, imports and resources removed from state. */
  readonly other: number;
  /** Changes of hashes, metadata or order alone; in none of the other numbers. */
  readonly noise: number;
}

/** What a rule says of a plan, or another program of a file that the plan changes. */
export interface Finding {
  /** Stable, kebab-case; of another program, with its name: `checkov/CKV_AWS_18`. */
  readonly rule: string;
  readonly level: 'deny' | 'warn';
  readonly stack?: StackId;
  /** Of the change; empty where the finding is about the stack or the plan. */
  readonly address: string;
  readonly reason: string;
  /** Who may override it, and does; null where nobody did. */
  readonly owner: string | null;
  /** An override that holds: the finding no longer denies. */
  readonly override?: { readonly reason: string; readonly expires: string };
  readonly source?: Source | null;
}

/** Findings of another program that are not about a change of the plan: counted, not listed. */
export interface FindingsElsewhere {
  /** Name of the program, in lower case. */
  readonly tool: string;
  readonly count: number;
  /** One sentence for people. */
  readonly text: string;
}

/** What a plan does to machines that run. */
export interface Impact {
  /** `prod` for the fleet of an environment, a stack's id for the servers of a lease. */
  readonly fleet: string;
  /** Running instances that are replaced by themselves; 0 where they stay as they are until somebody replaces them. */
  readonly replaced: number;
  /** Running instances that keep the old template. */
  readonly old: number;
  /** Of the fleet, at once; null where nothing is done in batches. */
  readonly batchPercent: number | null;
  /** How long it takes; null where that is not known. */
  readonly minutes: number | null;
  /** One sentence for people, quorums that lose members included. */
  readonly text: string;
}

/** One thing that is paid for, with a fleet at its maximum. */
export interface CostPart {
  /** `interface endpoints`. */
  readonly what: string;
  /** As it is planned; as it was, where it goes. */
  readonly quantity: string;
  readonly before: number;
  readonly after: number;
}

/** What the stacks that change cost a month, before and after, in one currency. */
export interface PlanCost {
  /** Where a fleet is among them, with all the instances that it may have. */
  readonly monthly: { readonly before: number; readonly after: number; readonly currency: string };
  /** The same with the fewest instances; absent where no fleet is among them. */
  readonly least?: { readonly before: number; readonly after: number };
  /** `with prod at its maximum of 500 instances`; absent where no fleet is among them. */
  readonly basis?: string;
  /** By stack, of those whose cost changes. */
  readonly stacks?: readonly {
    readonly stack: StackId;
    readonly before: number;
    readonly after: number;
    /** What it is made of: all parts that have a price. */
    readonly parts?: readonly CostPart[];
  }[];
  /** Day of the oldest price list that was used, ISO 8601; empty where none has a day. */
  readonly asOf: string;
  /** What has no price, in words. */
  readonly unpriced: readonly string[];
}

/** Who must approve a plan before it is deployed. */
export interface ApprovalNeed {
  /** Stable, kebab-case. */
  readonly rule: string;
  readonly reason: string;
  /** How many people besides the author. */
  readonly count: number;
  /** Names, e-mail addresses or groups of `config/approvers.yaml` that count; empty: every approver. */
  readonly of: readonly string[];
  /** Whether the author's own approval counts: whose lease it is may deploy it. @default false */
  readonly authorCounts?: boolean;
}

/** What becomes of a plan: the first that holds. `policy-denied`: a policy refuses it; `waiting`: a stack waits for inputs. */
export type PlanOutcome = 'failed' | 'policy-denied' | 'waiting' | 'changed' | 'unchanged';

/** Format `tandem.plan/1`. Fields may be added, never changed in meaning. */
export interface Plan {
  readonly format: 'tandem.plan/1';
  readonly base: PlanBase;
  /** `sha256:…` over the semantic content: the same changes give the same digest. */
  readonly digest: string;
  readonly summary: Summary;
  readonly stacks: readonly StackPlan[];
  readonly findings: readonly Finding[];
  /** Where findings of other programs were asked for. */
  readonly elsewhere?: readonly FindingsElsewhere[];
  readonly impact: readonly Impact[];
  readonly availability: readonly string[];
  /** Null where nothing changes what is paid. */
  readonly cost: PlanCost | null;
  /** Absent until the plan was reviewed. */
  readonly outcome?: PlanOutcome;
  /** Empty where nobody needs to approve. */
  readonly approvals: readonly ApprovalNeed[];
}
