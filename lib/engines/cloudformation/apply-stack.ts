import {
  type StackEvent as CloudEvent,
  type CloudFormationClient,
  ExecuteChangeSetCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { readFailure } from '../../aws-api/aws-error.ts';
import { beyondApproval } from '../../plan/approval.ts';
import type { StackPlan } from '../../plan/model.ts';
import type { SecretStore } from '../../secrets/secret.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { counted } from '../../text/plural.ts';
import type { EngineOptions, FrozenStackPlan, StackEvent } from '../engine.ts';
import { planGrew, stackFailed } from '../errors.ts';
import { unsetOf } from './afterwards/settings.ts';
import { wordsOf } from './afterwards/wanted.ts';
import { type AssetSource, publishAssets } from './assets.ts';
import type { ChangeSet } from './change-set.ts';
import { toChanges } from './change-set-plan.ts';
import { removed } from './emptying/delete-stack.ts';
import { faultOfCall, faultsIn, importFaultsIn, staleFault } from './faults.ts';
import { type Ending, follow } from './follow.ts';
import type { Handle } from './handle.ts';
import { writeKeys } from './link-keys.ts';
import { changeSetOf, type PlanProps } from './plan-stack.ts';
import { importTemplate } from './retained/kept.ts';
import { forgetKept, keptParameter } from './retained/note.ts';
import { isBeginning, newToken } from './stack-state.ts';

export interface ApplyProps extends PlanProps {
  /** Files that must be in the bootstrap's bucket before the stack is changed. */
  readonly assets: (stack: SynthesizedStack) => Promise<AssetSource | undefined>;
  /** The project's secrets, opened where a stack's template refers to some. @default - no stack does */
  readonly secrets?: () => Promise<SecretStore>;
}

/** Publishes what the stack needs, executes its change set, sets what CloudFormation cannot, and tells what happens. */
export async function* deployed(
  props: ApplyProps,
  frozen: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { stack, handle } = frozen;
  const { connection, stackId } = handle as Handle;
  const written = await writeKeys(connection, stack, props.secrets);
  if (written > 0) {
    const text = `wrote ${counted(written, 'key')} into Secrets Manager, where CloudFormation reads them`;
    yield { kind: 'message', stack: stack.id, level: 'info', text };
  }
  yield* executedAll(props, frozen, options);
  for (const { physicalId, setting, set } of await unsetOf(connection, stack.text, stackId ?? artefactName(stack.id))) {
    await set(options.signal);
    yield { kind: 'message', stack: stack.id, level: 'info', text: wordsOf(setting).done(physicalId) };
  }
}

/** What an earlier removal left is imported first. */
async function* executedAll(
  props: ApplyProps,
  { stack, plan, handle }: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { connection, protection, recreate, kept = [], ...rest } = handle as Handle;
  const client = connection.cloudFormation;
  const isImport = kept.length > 0;
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
    changeSet = await changeSetOf(connection, props, stack, isImport ? 'IMPORT' : 'CREATE', options.signal, kept);
    if (!isImport) await requireApproved(plan, stack, changeSet, undefined);
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
  if (isImport) {
    const { events, status } = yield* executed(client, stack.id, changeSet, options);
    if (status !== 'IMPORT_COMPLETE')
      throw stackFailed(stack.id, 'importing', importFaultsIn(events, stack.id, keptParameter(stack.id)), 1);
    await forgetKept(connection, stack.id);
    props.forgetNoted?.(stack.id);
    changeSet = await changeSetOf(connection, props, stack, 'UPDATE', options.signal);
    if (!changeSet.isExecutable) return;
    await requireApproved(plan, stack, changeSet, importTemplate(stack.text, kept));
  }
  const { events, status } = yield* executed(client, stack.id, changeSet, options);
  if (status !== 'CREATE_COMPLETE' && status !== 'UPDATE_COMPLETE')
    throw stackFailed(stack.id, 'applying', faultsIn(events, stack.id), 1);
}

/** Requires that a change set has nothing that the plan did not show. @param live - The template that the stack has by now */
async function requireApproved(
  plan: StackPlan,
  stack: SynthesizedStack,
  changeSet: ChangeSet,
  live: string | undefined,
): Promise<void> {
  const { changes } = await toChanges(changeSet.changes, live, stack.text);
  const beyond = beyondApproval(plan, { ...plan, changes });
  if (beyond.length > 0) throw planGrew(stack.id, beyond);
}

/** Executes a change set to its end. */
async function* executed(
  client: CloudFormationClient,
  id: StackId,
  changeSet: ChangeSet,
  { signal }: EngineOptions,
): AsyncGenerator<StackEvent, { readonly status: string; readonly events: readonly CloudEvent[] }> {
  signal.throwIfAborted();
  const token = newToken();
  try {
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSet.id, ClientRequestToken: token }));
  } catch (error) {
    const { name } = readFailure(error);
    const isStale = /^(?:InvalidChangeSetStatus|ChangeSetNotFound)/.test(name);
    const fault = isStale ? staleFault() : faultOfCall('cloudformation:ExecuteChangeSet', error);
    if (isStale || name === 'ValidationError') throw stackFailed(id, 'applying', [fault], 1);
    throw error;
  }
  const begins = (event: CloudEvent): boolean => event.ClientRequestToken === token && isBeginning(event);
  const ending = yield* follow(client, { id, stackId: changeSet.stackId, begins, signal });
  yield* leftovers(id, ending);
  return { status: ending.stack?.StackStatus ?? '', events: ending.events };
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
