import { validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { same, text } from '../json.ts';
import type { Resource } from '../world.ts';
import { dependenciesOf } from './dependencies.ts';
import { recreationOf } from './details.ts';
import { runGraph } from './graph.ts';
import { type Operation, reasonOf, type Subject } from './operation.ts';
import { activeResources } from './plan.ts';
import { schemaOf } from './schema.ts';
import type { Applied, StackResource, Target } from './stack.ts';
import type { Policy, ResourceDeclaration } from './template.ts';

export interface ApplyResult {
  readonly failed: readonly string[];
  readonly applied: readonly Applied[];
}

/** Makes and changes resources towards the target; removes nothing. */
export async function applyTarget(operation: Operation, target: Target): Promise<ApplyResult> {
  const applied: Applied[] = [];
  const declarations = new Map(activeResources(target).map((declaration) => [declaration.logicalId, declaration]));
  const graph = dependenciesOf(target.template, declarations.values());
  const failed = await runGraph(operation, graph, async (id) => {
    const declaration = declarations.get(id);
    return declaration === undefined || applyOne(operation, target, declaration, applied);
  });
  return { failed, applied };
}

async function applyOne(
  operation: Operation,
  target: Target,
  declaration: ResourceDeclaration,
  applied: Applied[],
): Promise<boolean> {
  const { stack } = operation;
  const { logicalId, type } = declaration;
  const existing = stack.resources.get(logicalId);
  const verb = existing === undefined ? 'CREATE' : 'UPDATE';
  const subject: Subject = existing ?? { logicalId, type, physicalId: '' };
  let properties: JsonObject | undefined;
  try {
    properties = operation.propertiesOf(declaration, target);
    if (existing === undefined) await create(operation, target, declaration, properties, applied);
    else await change(operation, target, declaration, properties, existing, applied);
    return true;
  } catch (error) {
    const now = stack.resources.get(logicalId) ?? subject;
    operation.event(now, `${verb}_FAILED`, reasonOf(error), properties);
    return false;
  }
}

async function create(
  operation: Operation,
  target: Target,
  declaration: ResourceDeclaration,
  properties: JsonObject,
  applied: Applied[],
): Promise<void> {
  const { logicalId, type } = declaration;
  operation.event({ logicalId, type, physicalId: '' }, 'CREATE_IN_PROGRESS', undefined, properties);
  await operation.step();
  stopIfCancelled(operation, 'creation');
  const resource = await operation.create(declaration, properties, target.tags);
  const known = operation.remember(declaration, resource, properties);
  applied.push({ logicalId, kind: 'created', before: undefined, earlier: undefined });
  operation.event(known, 'CREATE_IN_PROGRESS', 'Resource creation Initiated', properties);
  await operation.step();
  stopIfCancelled(operation, 'creation');
  operation.event(known, 'CREATE_COMPLETE', undefined, properties);
}

async function change(
  operation: Operation,
  target: Target,
  declaration: ResourceDeclaration,
  properties: JsonObject,
  existing: StackResource,
  applied: Applied[],
): Promise<void> {
  const before = { ...existing };
  existing.deletionPolicy = declaration.deletionPolicy;
  existing.updateReplacePolicy = declaration.updateReplacePolicy;
  const how = manner(operation, target, existing, properties);
  if (how === 'none') return;
  if (how === 'replace') {
    await replace(operation, target, declaration, properties, before, applied);
    return;
  }
  operation.event(existing, 'UPDATE_IN_PROGRESS', undefined, properties);
  const earlier = operation.realm.find(existing.type, existing.physicalId)?.properties;
  applied.push({ logicalId: existing.logicalId, kind: 'updated', before, earlier });
  await operation.step();
  stopIfCancelled(operation, 'update');
  await operation.update(declaration, existing.physicalId, properties, target.tags);
  existing.declared = properties;
  await operation.step();
  operation.event(existing, 'UPDATE_COMPLETE', undefined, properties);
}

function manner(
  operation: Operation,
  target: Target,
  existing: StackResource,
  properties: JsonObject,
): 'none' | 'update' | 'replace' {
  const schema = schemaOf(existing.type);
  const { declared } = existing;
  const names = [...new Set([...Object.keys(declared), ...Object.keys(properties)])];
  const changed = names.filter((name) => !same(declared[name], properties[name]));
  const retagged = schema?.tags !== undefined && !same(operation.stack.current?.tags ?? {}, target.tags);
  if (changed.length === 0) return retagged ? 'update' : 'none';
  if (schema === undefined) return 'update';
  const always = changed.filter((name) => recreationOf(schema, name, declared[name], properties[name]) === 'Always');
  if (always.length === 0) return 'update';
  const [identifier = ''] = schema.identifier;
  const named = properties[identifier];
  if (named !== undefined && same(named, declared[identifier])) {
    throw validationError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${text(named) ?? ''} and update the stack again.`,
    );
  }
  return 'replace';
}

async function replace(
  operation: Operation,
  target: Target,
  declaration: ResourceDeclaration,
  properties: JsonObject,
  before: StackResource,
  applied: Applied[],
): Promise<void> {
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  operation.event(before, 'UPDATE_IN_PROGRESS', reason, properties);
  await operation.step();
  stopIfCancelled(operation, 'update');
  const resource: Resource = await operation.create(declaration, properties, target.tags);
  applied.push({ logicalId: before.logicalId, kind: 'replaced', before, earlier: undefined });
  const known = operation.remember(declaration, resource, properties);
  operation.event(known, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated', properties);
  await operation.step();
  stopIfCancelled(operation, 'update');
  operation.event(known, 'UPDATE_COMPLETE', undefined, properties);
}

function stopIfCancelled(operation: Operation, what: string): void {
  if (operation.cancelled) throw validationError(`Resource ${what} cancelled`);
}

export interface Removal extends Subject {
  readonly policy: Policy;
  /** Made by the very operation that is taken back now. */
  readonly young?: boolean;
}

/** Removes resources, each after those that need it; what one that failed needs is left for another time. Returns the logical ids that failed. */
export async function removeAll(
  operation: Operation,
  removals: readonly Removal[],
  order: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<string[]> {
  const failed: string[] = [];
  /** Which of all that was begun is gone. */
  const started = new Map<string, Promise<boolean>>();
  const mine = new Map(removals.map((removal) => [removal.logicalId, removal]));
  const start = (id: string): Promise<boolean> => {
    const running =
      started.get(id) ??
      Promise.all([...(order.get(id) ?? [])].map(start)).then(async (users) => {
        const removal = mine.get(id);
        if (users.includes(false)) return false;
        const isGone = removal === undefined || (await removeOne(operation, removal));
        if (!isGone) failed.push(id);
        return isGone;
      });
    started.set(id, running);
    return running;
  };
  await Promise.all([...mine.keys()].map(start));
  return failed;
}

async function removeOne(operation: Operation, removal: Removal): Promise<boolean> {
  const { stack } = operation;
  const forget = (): void => {
    if (stack.resources.get(removal.logicalId)?.physicalId === removal.physicalId)
      stack.resources.delete(removal.logicalId);
  };
  const keeps = removal.policy === 'Retain' || (removal.policy === 'RetainExceptOnCreate' && removal.young !== true);
  if (keeps) {
    operation.event(removal, 'DELETE_SKIPPED');
    forget();
    return true;
  }
  operation.event(removal, 'DELETE_IN_PROGRESS');
  await operation.step();
  try {
    await operation.remove(removal);
  } catch (error) {
    operation.event(removal, 'DELETE_FAILED', reasonOf(error));
    return false;
  }
  operation.event(removal, 'DELETE_COMPLETE');
  forget();
  return true;
}
