import { AwsError } from '../aws-error.ts';
import { resourceTypeOf } from '../resources/types.ts';
import type { Removal } from './apply.ts';
import { removeAll } from './apply.ts';
import { dependenciesOf } from './dependencies.ts';
import { reversed } from './graph.ts';
import { type Operation, reasonOf } from './operation.ts';
import type { Applied } from './stack.ts';

/** Takes back what an update did: first changes, newest first, then what it made. */
export async function rollBackUpdate(operation: Operation, skip: readonly string[]): Promise<void> {
  const { stack } = operation;
  const unfinished = stack.unfinished;
  await operation.step();
  const made: Removal[] = [];
  const failed: string[] = [];
  for (const applied of [...(unfinished?.applied ?? [])].reverse()) {
    const now = stack.resources.get(applied.logicalId);
    if (now === undefined) continue;
    if (applied.kind !== 'updated')
      made.push({
        logicalId: now.logicalId,
        type: now.type,
        physicalId: now.physicalId,
        policy: 'Delete',
        young: true,
      });
    if (applied.before === undefined) continue;
    if (!(await takeBack(operation, applied, skip.includes(applied.logicalId)))) failed.push(applied.logicalId);
  }
  if (failed.length > 0) {
    const list = failed.join(', ');
    operation.stackStatus('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${list}].`);
    return;
  }
  operation.stackStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await operation.step();
  const template = unfinished?.previous?.template;
  await removeAll(
    operation,
    made,
    template === undefined ? new Map<string, Set<string>>() : reversed(dependenciesOf(template)),
  );
  stack.unfinished = undefined;
  operation.stackStatus('UPDATE_ROLLBACK_COMPLETE');
}

async function takeBack(operation: Operation, applied: Applied, skipped: boolean): Promise<boolean> {
  const { stack, realm } = operation;
  const before = applied.before;
  const now = stack.resources.get(applied.logicalId);
  if (before === undefined || now === undefined) return true;
  operation.event(now, 'UPDATE_IN_PROGRESS');
  await operation.step();
  try {
    const fault = realm.world.faults.takeResource({ action: 'update', ...before, stackName: stack.name });
    if (fault !== undefined && !skipped) throw new AwsError('ServiceFault', fault);
    const resource = realm.find(before.type, before.physicalId);
    if (applied.kind === 'updated' && applied.earlier !== undefined && resource !== undefined && !skipped) {
      const making = operation.making(before.logicalId, applied.earlier, stack.current?.tags ?? {});
      const attributes = await resourceTypeOf(before.type)?.update?.(resource, making);
      if (attributes !== undefined) resource.attributes = { ...resource.attributes, ...attributes };
      resource.properties = applied.earlier;
    }
  } catch (error) {
    operation.event(now, 'UPDATE_FAILED', reasonOf(error));
    return false;
  }
  stack.resources.set(before.logicalId, { ...before });
  operation.event(before, 'UPDATE_COMPLETE');
  return true;
}
