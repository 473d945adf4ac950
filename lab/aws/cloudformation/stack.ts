import type { Json, JsonObject } from '../json.ts';
import type { Realm, StoreKey } from '../world.ts';
import type { Policy, Template } from './template.ts';

/** A parameter as it was given, and what it came to. */
export interface ParameterValue {
  readonly key: string;
  readonly given: string;
  readonly value: Json;
  /** What an SSM parameter held when the stack was last changed. */
  readonly resolved: string | undefined;
  readonly noEcho: boolean;
}

export type Tags = Readonly<Record<string, string>>;

/** What a stack is to become. */
export interface Target {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly tags: Tags;
}

/** A resource as its stack sees it. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  physicalId: string;
  status: string;
  statusReason: string | undefined;
  updated: number;
  /** The properties that CloudFormation last set, functions worked out. */
  declared: JsonObject;
  deletionPolicy: Policy;
  updateReplacePolicy: Policy;
  drift: { readonly status: string; readonly checked: number | undefined };
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface StackEvent {
  readonly id: string;
  readonly operationId: string;
  readonly time: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly properties: JsonObject | undefined;
  readonly token: string | undefined;
}

export type Recreation = 'Never' | 'Conditionally' | 'Always';

/** One reason for a change, as DescribeChangeSet tells it. */
export interface ChangeDetail {
  readonly attribute: string;
  readonly name: string | undefined;
  readonly recreation: Recreation;
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute';
  readonly cause: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** In a drift-aware change set, of a property that was changed outside: what CloudFormation had set. */
  readonly drift?: { readonly previous: Json | undefined };
}

export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'SyncWithActual' | 'Import';
  /** Of a drift-aware change set. */
  readonly driftStatus?: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  readonly replacement: 'True' | 'False' | 'Conditional' | undefined;
  readonly policyAction:
    | 'Delete'
    | 'Retain'
    | 'Snapshot'
    | 'ReplaceAndDelete'
    | 'ReplaceAndRetain'
    | 'ReplaceAndSnapshot'
    | undefined;
  readonly scope: readonly string[];
  readonly details: readonly ChangeDetail[];
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** What must be taken back if the operation fails, and what is left over if it succeeds. */
export interface Applied {
  readonly logicalId: string;
  readonly kind: 'created' | 'updated' | 'replaced';
  /** As the stack knew it; undefined for a created one. */
  readonly before: StackResource | undefined;
  /** Properties of the physical resource before it was changed in place. */
  readonly earlier: JsonObject | undefined;
}

export interface ChangeSet {
  readonly name: string;
  readonly id: string;
  readonly kind: 'CREATE' | 'UPDATE' | 'IMPORT';
  /** Of an import: physical ids by logical id. */
  readonly imports: ReadonlyMap<string, string>;
  readonly created: number;
  readonly description: string | undefined;
  readonly target: Target;
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
  readonly onStackFailure: string | undefined;
  readonly disableRollback: boolean;
  /** Whether existing resources of the same name were to be imported. */
  readonly importExisting: boolean;
  /** Drift-aware: compares with what is there, and sets it again. */
  readonly revertsDrift: boolean;
  status: string;
  executionStatus: string;
  reason: string | undefined;
  changes: readonly ResourceChange[];
  problems: readonly ValidationProblem[];
}

/** What the check of a change set before deployment finds. */
export interface ValidationProblem {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly message: string;
}

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly created: number;
  status: string;
  reason: string | undefined;
  updated: number | undefined;
  deleted: number | undefined;
  current: Target | undefined;
  capabilities: readonly string[];
  roleArn: string | undefined;
  disableRollback: boolean;
  outputs: readonly Output[];
  imports: ReadonlySet<string>;
  terminationProtection: boolean;
  drift: { readonly status: string; readonly checked: number | undefined };
  readonly resources: Map<string, StackResource>;
  /** Newest last. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  /** What a failed update left, for its rollback. */
  unfinished: { readonly applied: readonly Applied[]; readonly previous: Target | undefined } | undefined;
  /** Unfinished work, to be waited for when the endpoint closes. */
  running: Promise<void> | undefined;
}

export interface CloudFormationStore {
  /** All that ever were, in order of creation; deleted ones stay. */
  readonly stacks: Stack[];
  readonly detections: Map<string, Detection>;
}

export interface Detection {
  readonly id: string;
  readonly stackId: string;
  readonly started: number;
  status: string;
  stackStatus: string | undefined;
  drifted: number;
}

const KEY: StoreKey<CloudFormationStore> = {
  name: 'cloudformation',
  create: () => ({ stacks: [], detections: new Map<string, Detection>() }),
};

export function cloudFormationStore(realm: Realm): CloudFormationStore {
  return realm.store(KEY);
}

/** The stack of a name that is not deleted, or of an id even if it is. */
export function findStack(realm: Realm, nameOrId: string): Stack | undefined {
  const { stacks } = cloudFormationStore(realm);
  if (nameOrId.startsWith('arn:')) return stacks.find(({ id }) => id === nameOrId);
  return stacks.find(({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE');
}

/** Who exports a name in this account and Region. */
export function findExport(realm: Realm, name: string): { stack: Stack; output: Output } | undefined {
  for (const stack of cloudFormationStore(realm).stacks) {
    if (stack.status === 'DELETE_COMPLETE') continue;
    const output = stack.outputs.find(({ exportName }) => exportName === name);
    if (output !== undefined) return { stack, output };
  }
  return undefined;
}

export function importersOf(realm: Realm, name: string): Stack[] {
  return cloudFormationStore(realm).stacks.filter(
    ({ imports, status }) => imports.has(name) && status !== 'DELETE_COMPLETE',
  );
}
