import {
  type StackEvent as CloudEvent,
  type CloudFormationClient,
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { readFailure } from '../../aws-api/aws-error.ts';
import { beyondApproval } from '../../plan/approval.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { EngineOptions, FrozenStackPlan, StackEvent } from '../engine.ts';
import { planGrew, stackFailed } from '../errors.ts';
import { type AssetSource, publishAssets } from './assets.ts';
import { toChanges } from './change-set-plan.ts';
import { faultOfCall, faultsIn, staleFault } from './faults.ts';
import { type Ending, follow } from './follow.ts';
import type { Handle } from './handle.ts';
import { changeSetOf, type PlanProps } from './plan-stack.ts';
import { isBeginning, newToken } from './stack-state.ts';

export interface ApplyProps extends PlanProps {
  /** Files that must be in the bootstrap's bucket before the stack is changed. */
  readonly assets: (stack: SynthesizedStack) => Promise<AssetSource | undefined>;
}

/** Publishes what the stack needs, executes its change set, and tells what happens. */
export async function* deployed(
  props: ApplyProps,
  { stack, plan, handle }: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { connection, protection, recreate, ...rest } = handle as Handle;
  const client = connection.cloudFormation;
  options.signal.throwIfAborted();
  let { changeSet } = rest;
  if (recreate) {
    yield {
      kind: 'message',
      stack: stack.id,
      level: 'info',
      text: 'deletes the empty stack that its failed creation left',
    };
    yield* removed(client, stack.id, rest.stackId ?? '', options);
    changeSet = await changeSetOf(connection, props, stack, 'CREATE', options.signal);
    const { changes } = await toChanges(changeSet.changes, undefined, stack.text);
    const beyond = beyondApproval(plan, { ...plan, changes });
    if (beyond.length > 0) throw planGrew(stack.id, beyond);
  }
  const stackId = changeSet?.stackId ?? rest.stackId ?? '';
  if (protection !== undefined)
    await client.send(
      new UpdateTerminationProtectionCommand({ StackName: stackId, EnableTerminationProtection: protection }),
    );
  if (changeSet === undefined) return;
  const assets = await props.assets(stack);
  const uploads: string[] = [];
  if (assets !== undefined)
    await publishAssets(connection, stack.id, assets, (what) => void uploads.push(`publishes ${what}`)).finally(() =>
      assets.remove?.(),
    );
  for (const text of uploads) yield { kind: 'message', stack: stack.id, level: 'info', text };
  options.signal.throwIfAborted();
  const token = newToken();
  try {
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSet.id, ClientRequestToken: token }));
  } catch (error) {
    const { name } = readFailure(error);
    const isStale = /^(?:InvalidChangeSetStatus|ChangeSetNotFound)/.test(name);
    const fault = isStale ? staleFault() : faultOfCall('cloudformation:ExecuteChangeSet', error);
    if (isStale || name === 'ValidationError') throw stackFailed(stack.id, 'applying', [fault], 1);
    throw error;
  }
  const begins = (event: CloudEvent): boolean => event.ClientRequestToken === token && isBeginning(event);
  const ending = yield* follow(client, { id: stack.id, stackId, begins, signal: options.signal });
  yield* leftovers(stack.id, ending);
  if (!/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(ending.stack?.StackStatus ?? ''))
    throw stackFailed(stack.id, 'applying', faultsIn(ending.events, stack.id), 1);
}

export async function* destroyed(
  { stack, handle }: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { connection, stackId } = handle as Handle;
  if (stackId !== undefined) yield* removed(connection.cloudFormation, stack.id, stackId, options);
}

/** Deletes a stack; what it may not delete is told as it is left. */
async function* removed(
  client: CloudFormationClient,
  id: StackId,
  stackId: string,
  { signal }: EngineOptions,
): AsyncGenerator<StackEvent> {
  const token = newToken();
  await client.send(new DeleteStackCommand({ StackName: stackId, ClientRequestToken: token }));
  const begins = (event: CloudEvent): boolean => event.ClientRequestToken === token && isBeginning(event);
  const ending = yield* follow(client, { id, stackId, begins, signal });
  if (ending.stack !== undefined) throw stackFailed(id, 'destroying', faultsIn(ending.events, id), 1);
}

/** An update is complete even where an old resource could not be removed: nobody would know of it. */
function* leftovers(id: StackId, { stack, events }: Ending): Generator<StackEvent> {
  if (stack?.StackStatus !== 'UPDATE_COMPLETE') return;
  for (const event of events) {
    if (event.ResourceStatus !== 'DELETE_FAILED') continue;
    const {
      LogicalResourceId: address = '',
      PhysicalResourceId: physical = '',
      ResourceStatusReason: why = '',
    } = event;
    const text = `the old ${address} (${physical}) could not be deleted and stays in the account, outside any stack: ${why}`;
    yield { kind: 'message', stack: id, level: 'warn', text };
  }
}
