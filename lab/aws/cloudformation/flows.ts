import type { Realm } from '../world.ts';
import { applyTarget, type Removal, removeAll } from './apply.ts';
import { dependenciesOf } from './dependencies.ts';
import { reversed } from './graph.ts';
import { Operation, reasonOf } from './operation.ts';
import { checkExports, outputsOf } from './outputs.ts';
import { rollBackUpdate } from './rollback.ts';
import type { Stack, StackResource, Target } from './stack.ts';

export interface FlowOptions {
  readonly token: string | undefined;
  /** What to do about a failed creation. */
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
}

/** Starts a flow in the background; a mistake of the endpoint's own shows as the stack's status. */
function begin(stack: Stack, operation: Operation, failedStatus: string, flow: () => Promise<void>): void {
  stack.running = flow()
    .catch((error: unknown) => operation.stackStatus(failedStatus, `lab/aws failed: ${reasonOf(error)}`))
    .finally(() => {
      stack.running = undefined;
    });
}

export function beginCreate(realm: Realm, stack: Stack, target: Target, options: FlowOptions): void {
  const operation = new Operation(realm, stack, options.token);
  stack.current = target;
  operation.stackStatus('CREATE_IN_PROGRESS', 'User Initiated');
  begin(stack, operation, 'CREATE_FAILED', async () => {
    const { failed } = await applyTarget(operation, target);
    const reason = failed.length > 0 ? failedWhat(failed, 'create') : finish(operation, target);
    if (reason === undefined) {
      operation.stackStatus('CREATE_COMPLETE');
      return;
    }
    const onFailure = stack.disableRollback ? 'DO_NOTHING' : (options.onFailure ?? 'ROLLBACK');
    if (onFailure === 'DO_NOTHING') {
      operation.stackStatus('CREATE_FAILED', reason);
      return;
    }
    const [during, done, not] =
      onFailure === 'DELETE'
        ? (['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'DELETE_FAILED'] as const)
        : (['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'] as const);
    operation.stackStatus(during, `${reason} Rollback requested by user.`);
    await operation.step();
    const kept = await removeEverything(operation, target, true);
    stack.outputs = [];
    if (kept.length > 0) operation.stackStatus(not, failedWhat(kept, 'delete'));
    else operation.stackStatus(done);
    if (done === 'DELETE_COMPLETE') stack.deleted = realm.world.clock.now();
  });
}

export function beginUpdate(realm: Realm, stack: Stack, target: Target, options: FlowOptions): void {
  const operation = new Operation(realm, stack, options.token);
  const previous = stack.current;
  stack.updated = realm.world.clock.now();
  operation.stackStatus('UPDATE_IN_PROGRESS', 'User Initiated');
  begin(stack, operation, 'UPDATE_FAILED', async () => {
    const before = new Map([...stack.resources].map(([id, resource]) => [id, { ...resource }]));
    const { failed, applied } = await applyTarget(operation, target);
    const reason = failed.length > 0 ? failedWhat(failed, 'update') : finish(operation, target);
    if (reason === undefined) {
      stack.current = target;
      await cleanUp(operation, previous, target, before);
      return;
    }
    stack.unfinished = { applied, previous };
    if (stack.disableRollback) {
      operation.stackStatus('UPDATE_FAILED', reason);
      return;
    }
    operation.stackStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    await rollBackUpdate(operation, []);
  });
}

/** After a failure, on request: back to what there was. */
export function beginRollback(realm: Realm, stack: Stack, token: string | undefined, skip: readonly string[]): void {
  const operation = new Operation(realm, stack, token);
  const target = stack.current;
  if (stack.status === 'CREATE_FAILED' && target !== undefined) {
    operation.stackStatus('ROLLBACK_IN_PROGRESS', 'User Initiated');
    begin(stack, operation, 'ROLLBACK_FAILED', async () => {
      const kept = await removeEverything(operation, target, true);
      if (kept.length > 0) operation.stackStatus('ROLLBACK_FAILED', failedWhat(kept, 'delete'));
      else operation.stackStatus('ROLLBACK_COMPLETE');
    });
    return;
  }
  operation.stackStatus('UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  begin(stack, operation, 'UPDATE_ROLLBACK_FAILED', () => rollBackUpdate(operation, skip));
}

export function beginDelete(realm: Realm, stack: Stack, token: string | undefined, retain: readonly string[]): void {
  const operation = new Operation(realm, stack, token);
  operation.stackStatus('DELETE_IN_PROGRESS', 'User Initiated');
  begin(stack, operation, 'DELETE_FAILED', async () => {
    const used = checkExports(realm, stack, []);
    if (used !== undefined) {
      operation.stackStatus('DELETE_FAILED', `Delete canceled. ${used}`);
      return;
    }
    const target = stack.current;
    const failed = target === undefined ? [] : await removeEverything(operation, target, false, retain);
    if (failed.length > 0) {
      operation.stackStatus('DELETE_FAILED', failedWhat(failed, 'delete'));
      return;
    }
    stack.outputs = [];
    stack.imports = new Set();
    stack.deleted = realm.world.clock.now();
    operation.stackStatus('DELETE_COMPLETE');
  });
}

function removeEverything(
  operation: Operation,
  target: Target,
  young: boolean,
  retain: readonly string[] = [],
): Promise<string[]> {
  const removals = [...operation.stack.resources.values()].map(
    (resource): Removal => ({
      logicalId: resource.logicalId,
      type: resource.type,
      physicalId: resource.physicalId,
      policy: retain.includes(resource.logicalId) ? 'Retain' : resource.deletionPolicy,
      young,
    }),
  );
  return removeAll(operation, removals, reversed(dependenciesOf(target.template)));
}

/** Works out the outputs; returns why they can't be. */
function finish(operation: Operation, target: Target): string | undefined {
  try {
    const outputs = outputsOf(target, operation.scope(target));
    const refused = checkExports(operation.realm, operation.stack, outputs);
    if (refused !== undefined) return refused;
    operation.stack.outputs = outputs;
    operation.stack.imports = operation.imported;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Removes what the update replaced or left out. What can't be removed stays behind, and the update is complete. */
async function cleanUp(
  operation: Operation,
  previous: Target | undefined,
  target: Target,
  before: ReadonlyMap<string, StackResource>,
): Promise<void> {
  const { stack } = operation;
  operation.stackStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  await operation.step();
  const removals = [...before.values()].flatMap((old): Removal[] => {
    const now = stack.resources.get(old.logicalId);
    const gone = now === undefined || !stillWanted(target, old.logicalId);
    if (!gone && now.physicalId === old.physicalId) return [];
    const subject = { logicalId: old.logicalId, type: old.type, physicalId: old.physicalId };
    return [{ ...subject, policy: gone ? old.deletionPolicy : now.updateReplacePolicy }];
  });
  const order = previous === undefined ? new Map<string, Set<string>>() : reversed(dependenciesOf(previous.template));
  await removeAll(operation, removals, order);
  for (const { logicalId } of removals) if (!stillWanted(target, logicalId)) stack.resources.delete(logicalId);
  operation.stackStatus('UPDATE_COMPLETE');
}

function stillWanted({ template, conditions }: Target, logicalId: string): boolean {
  const declaration = template.resources.get(logicalId);
  if (declaration === undefined) return false;
  return declaration.condition === undefined || conditions.get(declaration.condition) === true;
}

function failedWhat(ids: readonly string[], verb: string): string {
  return `The following resource(s) failed to ${verb}: [${ids.join(', ')}].`;
}
