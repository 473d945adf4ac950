import { createHmac, randomBytes } from 'node:crypto';
import { isSensitive } from '@cdktf/provider-openstack/schema';
import { z } from 'zod';
import { sortChanges } from '../../plan/change.ts';
import { type Difference, differences, leaves } from '../../plan/difference/differences.ts';
import { withOverwritten } from '../../plan/difference/overwritten.ts';
import { CAUTION, withCaution } from '../../plan/difference/stateful.ts';
import { type Action, type AttributeChange, type Change, HIDDEN, type StackPlan } from '../../plan/model.ts';
import { compareIds, type StackId } from '../../stack/id.ts';
import type { Mac } from '../engine.ts';
import { TERRAFORM } from './catalogue.ts';
import { unknownPlanFormat } from './errors.ts';
import { planSchema, type ResourceChange, type StateModule } from './plan-schema.ts';
import { failureOf, KNOWN, notesOf, reasonsOf } from './plan-words.ts';

/** `terraform show -json` of a plan, read: what Tandem shows of it, and what it needs to look for leftovers. Holds secrets. */
export interface ReadPlan {
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly ResourceChange[];
  /** By name; those that change. */
  readonly outputs: ReadonlyMap<string, ResourceChange['change']>;
  /** Ids of what the state knows, those that are made of several taken apart as well. */
  readonly managed: ReadonlySet<string>;
  /** Id of the project that the stack made for itself. */
  readonly ownProject: string | undefined;
  /** Why the plan may not be taken for all that there is; undefined where it may. */
  readonly failure: string | undefined;
  /** What Terraform says beside the changes: what it put off to a later plan, and checks that fail. */
  readonly notes: readonly string[];
}

/** @throws TandemError `unknown-plan-format` */
export function readPlan(text: string): ReadPlan {
  const raw: unknown = JSON.parse(text);
  const version = z.looseObject({ format_version: z.string() }).parse(raw).format_version;
  if (!/^1\.\d+$/.test(version)) throw unknownPlanFormat(version);
  const plan = planSchema.parse(raw);
  const managed = (each: ResourceChange): boolean => each.mode === 'managed';
  return {
    changes: plan.resource_changes.filter(managed),
    drift: plan.resource_drift.filter(managed),
    outputs: new Map(Object.entries(plan.output_changes).filter(([, { actions }]) => !isSame(actions))),
    ...managedIn(plan.prior_state?.values?.root_module),
    failure: failureOf(plan),
    notes: notesOf(plan),
  };
}

const isSame = (actions: readonly string[]): boolean => actions.every((action) => action === 'no-op');

function managedIn(root: StateModule | undefined): Pick<ReadPlan, 'managed' | 'ownProject'> {
  const managed = new Set<string>();
  let ownProject: string | undefined;
  const modules = root === undefined ? [] : [root];
  for (const { resources = [], child_modules: below = [] } of modules) {
    modules.push(...below);
    for (const { mode, type, values } of resources) {
      const id = (values as { readonly id?: unknown } | null | undefined)?.id;
      if (mode !== 'managed' || typeof id !== 'string') continue;
      for (const each of [id, ...id.split('/')]) managed.add(each);
      if (type === 'openstack_identity_project_v3') ownProject = id;
    }
  }
  return { managed, ownProject };
}

/** The plan without a single secret: sensitive values are replaced before anything else sees them. Pure. */
export function toStackPlan(id: StackId, plan: ReadPlan, mac?: Mac): StackPlan {
  const drift = sortChanges(plan.drift.flatMap((each) => toChange(each) ?? []));
  const outputs = [...plan.outputs].flatMap(([name, change]) => toChange(outputOf(name, change), mac) ?? []);
  const resources = plan.changes.flatMap((each) => toChange(each, mac) ?? []);
  const changes = withOverwritten(sortChanges([...resources, ...outputs]), drift);
  const notes = [...(plan.failure === undefined ? [] : [plan.failure]), ...plan.notes];
  const isFine = plan.failure === undefined;
  return {
    id,
    engine: TERRAFORM,
    status: !isFine ? 'error' : changes.length > 0 ? 'changed' : 'unchanged',
    changes,
    unresolvedInputs: [],
    drift,
    ...(notes.length === 0 ? {} : { reason: `${isFine ? CAUTION : ''}${notes.join('; ')}` }),
  };
}

/** An output as what it is to a plan: a change with one value. */
function outputOf(name: string, change: ResourceChange['change']): ResourceChange {
  const wrap = (value: unknown): unknown => (value === null || value === undefined ? null : { value });
  const { before, after, after_unknown: unknown, before_sensitive: was, after_sensitive: is } = change;
  const marks = { before_sensitive: { value: was }, after_sensitive: { value: is }, after_unknown: { value: unknown } };
  const wrapped = { ...change, ...marks, before: wrap(before), after: wrap(after) };
  return { address: `output.${name}`, mode: 'output', type: 'output', change: wrapped };
}

/**
 * What a plan of the applied artefact would undo, the other way round: how the cloud differs from what was applied. Values that
 * clouds fill in later, and that nothing depends on, are no drift.
 */
export function toDriftPlan(id: StackId, plan: ReadPlan): StackPlan {
  const { changes, ...rest } = toStackPlan(id, { ...plan, outputs: new Map() });
  const drift = changes.map((change): Change => {
    const action = DRIFTED[change.action] ?? change.action;
    const attributes = change.attributes.map((each) => ({ ...each, before: each.after, after: each.before }));
    return { ...change, action, reasons: [], attributes };
  });
  return { ...rest, changes: [], drift };
}

/** What an action that would undo it says of a drift. */
const DRIFTED: Partial<Record<Action, Action>> = { create: 'delete', delete: 'create', interrupt: 'update' };

function toChange(resource: ResourceChange, mac?: Mac): Change | undefined {
  const action = actionOf(resource);
  if (action === undefined) return undefined;
  const attributes = attributesOf(resource, action, mac);
  return withCaution({
    address: resource.address,
    type: resource.type,
    action,
    reasons: reasonsOf(resource, action, attributes),
    attributes,
    source: null,
    noise: action === 'update' && attributes.length === 0,
    restarts: [],
    findings: [],
  });
}

/** Deletions are found by scanning all actions, and what is not known is shown as a change, so that a new kind of action never hides one. */
function actionOf({ change, previous_address: previous }: ResourceChange): Action | undefined {
  const has = (action: string): boolean => change.actions.includes(action);
  if (has('create') && (has('delete') || has('forget'))) return 'replace';
  if (has('delete')) return 'delete';
  if (has('forget')) return 'forget';
  if (has('create')) return 'create';
  if (has('update') || change.actions.some((action) => !KNOWN.has(action))) return 'update';
  if (change.importing !== undefined && change.importing !== null) return 'import';
  return previous === undefined ? undefined : 'move';
}

/** Where nobody gives a key, values are only compared, and by one that ends with the process. */
const OWN_KEY = randomBytes(32);
const ownMac: Mac = (value) => createHmac('sha256', OWN_KEY).update(JSON.stringify(value)).digest('base64');

function attributesOf({ type, change }: ResourceChange, action: Action, given?: Mac): AttributeChange[] {
  const mac = given ?? ownMac;
  const forcing = change.replace_paths.map((path) => path.join('.'));
  const before = mask(type, change.before, change.before_sensitive, mac);
  const after = mask(type, change.after, change.after_sensitive, mac);
  const unknown = leaves(change.after_unknown);
  const known = differences(before, after).filter((each) => unknown.get(each.path) !== true);
  const later =
    action === 'create'
      ? []
      : [...unknown].flatMap(([path, is]) => (is === true ? [{ path, before: at(before, path), after: null }] : []));
  return [...known, ...later]
    .sort((a, b) => compareIds(a.path, b.path))
    .map((each) => ({
      ...hidden(each, given !== undefined),
      afterUnknown: unknown.get(each.path) === true,
      forcesReplacement: forcing.some((path) => each.path === path || each.path.startsWith(`${path}.`)),
    }));
}

function at(value: unknown, path: string): unknown {
  return leaves(value).get(path) ?? null;
}

/** Stands before the digest of a hidden value, while values are compared. */
const MARK = `${HIDDEN}\0`;

const isHidden = (value: unknown): value is string => typeof value === 'string' && value.startsWith(MARK);

function hidden({ path, before, after }: Difference, isMarked: boolean) {
  const marks = [before, after].map(marksIn);
  const sensitive = marks.some((each) => each.length > 0);
  const mac = marks.map((each) => each.join()).join(':');
  return { path, before: shown(before), after: shown(after), sensitive, ...(sensitive && isMarked ? { mac } : {}) };
}

/** The digests of what is hidden in a value. */
function marksIn(value: unknown): string[] {
  if (isHidden(value)) return [value.slice(MARK.length)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(marksIn) : [];
}

function shown(value: unknown): unknown {
  if (isHidden(value)) return HIDDEN;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each)]));
}

/** A value with everything replaced by its digest that Terraform or the provider's schema calls sensitive. */
function mask(type: string, value: unknown, marks: unknown, mac: Mac, path = ''): unknown {
  if (value === null || value === undefined) return value;
  if (marks === true || (path !== '' && isSensitive(type, path.replace(/\.\d+(?=\.|$)/g, ''))))
    return `${MARK}${mac(value)}`;
  if (Array.isArray(value))
    return value.map((each, index) => mask(type, each, child(marks, index), mac, `${path}.${index}`));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      mask(type, each, child(marks, key), mac, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

/** The marks below a key. Anything that is no map or list of marks marks everything: what cannot be read is not shown. */
function child(marks: unknown, key: string | number): unknown {
  if (marks === undefined || marks === null || marks === false) return false;
  return typeof marks === 'object' ? ((marks as Record<string | number, unknown>)[key] ?? false) : true;
}
