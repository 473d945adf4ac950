import type { StackId } from '../stack/id.ts';
import type { EngineName, UnresolvedInput } from '../stack/synthesized.ts';

/** What a plan compares with. `empty`: nothing exists. */
export interface PlanBase {
  readonly kind: 'commit' | 'record' | 'live' | 'empty';
  /** A commit's id; empty otherwise. */
  readonly ref: string;
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
  readonly drift: readonly Change[];
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
}

/** Format `tandem.plan/1`. Fields may be added, never changed in meaning. */
export interface Plan {
  readonly format: 'tandem.plan/1';
  readonly base: PlanBase;
  /** `sha256:…` over the semantic content: the same changes give the same digest. */
  readonly digest: string;
  readonly summary: Summary;
  readonly stacks: readonly StackPlan[];
  readonly findings: readonly {
    readonly rule: string;
    readonly level: 'deny' | 'warn';
    readonly address: string;
    readonly reason: string;
    readonly owner: string | null;
  }[];
  readonly impact: readonly unknown[];
  readonly availability: readonly string[];
  readonly cost: null;
}
