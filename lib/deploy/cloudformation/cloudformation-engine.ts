import {
  type StackEvent as CloudEvent,
  type CloudFormationClient,
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { stackGone, stackStuck, terminationProtected } from '../../errors/aws.ts';
import { planGrew, stackFailed } from '../../errors/deploy.ts';
import { diffCloudFormation } from '../../plan/cloudformation-diff.ts';
import type { Change, StackPlan } from '../../plan/model.ts';
import { isResource } from '../../plan/plan.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { beyondApproval } from '../approval.ts';
import type { Engine, EngineOptions, FrozenStackPlan, Outputs, PlanOptions, StackEvent } from '../engine.ts';
import { type AssetSource, publishAssets, publishTemplate } from './assets.ts';
import { readFailure, toAwsError } from './aws-error.ts';
import { type ChangeSet, makeChangeSet, removeChangeSet, sweepChangeSets } from './change-set.ts';
import { sortChanges, toChanges } from './change-set-plan.ts';
import type { AwsConnection, StackSettings } from './connection.ts';
import { detectDrift } from './drift.ts';
import { faultOfCall, faultsIn, staleFault } from './faults.ts';
import { type Ending, follow } from './follow.ts';
import { type LiveStack, liveTemplate, settledStack } from './live-stack.ts';
import { masked } from './mask.ts';
import { planningError } from './planning-error.ts';
import { conditionOf, findStack, isBeginning, newToken } from './stack-state.ts';
import { readTemplate } from './template.ts';

export interface CloudFormationEngineProps {
  /** The stack's account and Region, its aim checked. */
  readonly connect: (stack: SynthesizedStack) => Promise<AwsConnection>;
  readonly settings: (stack: SynthesizedStack) => StackSettings;
  /** Files that must be in the bootstrap's bucket before the stack is changed. */
  readonly assets: (stack: SynthesizedStack) => Promise<AssetSource | undefined>;
}

/** What applying a plan needs. `recreate`: the empty rest of a failed creation is removed first. */
interface Handle {
  readonly connection: AwsConnection;
  readonly stackId: string | undefined;
  readonly changeSet: ChangeSet | undefined;
  readonly recreate: boolean;
  /** Termination protection to set; undefined where it is as it should be. */
  readonly protection: boolean | undefined;
}

/** Templates larger than this, in bytes, go through the bootstrap's bucket. Source: cloudformation-limits.html */
const BODY_LIMIT = 51_200;

/** CloudFormation by change sets: what is confirmed is what is executed. */
export function cloudFormationEngine(props: CloudFormationEngineProps): Engine {
  const planDeploy = async (stack: SynthesizedStack, options: PlanOptions): Promise<FrozenStackPlan> => {
    const connection = await props.connect(stack);
    const client = connection.cloudFormation;
    const live = await settledStack(client, stack.id, options);
    if (live.condition === 'broken') throw broken(stack.id, live);
    const { terminationProtection } = props.settings(stack);
    const exists = live.condition === 'ready';
    const isProtected = live.stack?.EnableTerminationProtection ?? false;
    const protection = isProtected === terminationProtection ? undefined : terminationProtection;
    const stackId = live.stack?.StackId;
    const frozen = (changes: readonly Change[], hasEffect: boolean, changeSet: ChangeSet | undefined) => {
      const handle: Handle = { connection, stackId, changeSet, recreate: live.condition === 'empty', protection };
      const shown =
        exists && protection !== undefined ? [...changes, protectionChange(isProtected, protection)] : changes;
      const status = shown.length > 0 ? 'changed' : 'unchanged';
      const plan: StackPlan = { ...headOf(stack), status, changes: shown };
      return { stack, plan, destroy: false, hasEffect: hasEffect || protection !== undefined, handle };
    };
    if (live.condition === 'empty' || (!exists && options.readOnly === true))
      return frozen(await creation(stack, live.condition === 'empty'), true, undefined);
    if (live.condition === 'review' && options.readOnly !== true) await sweepChangeSets(client, artefactName(stack.id));
    if (exists && options.readOnly !== true) await sweepChangeSets(client, artefactName(stack.id));
    const changeSet = await changeSetOf(connection, props, stack, exists ? 'UPDATE' : 'CREATE', options.signal);
    const before = exists ? await liveTemplate(client, changeSet.stackId) : undefined;
    const changes = changeSet.isExecutable
      ? await toChanges(changeSet.changes, exists ? (before ?? stack.text) : undefined, stack.text)
      : [];
    if (!changeSet.isExecutable) await removeChangeSet(client, changeSet);
    return frozen(changes, changeSet.isExecutable, changeSet.isExecutable ? changeSet : undefined);
  };

  const planDestroy = async (stack: SynthesizedStack, options: PlanOptions): Promise<FrozenStackPlan> => {
    const connection = await props.connect(stack);
    const live = await settledStack(connection.cloudFormation, stack.id, options);
    const { stack: found, condition } = live;
    if (found?.EnableTerminationProtection === true) throw terminationProtected(stack.id, props.settings(stack).file);
    const stackId = found?.StackId;
    const template =
      condition === 'ready' || condition === 'broken' || condition === 'rollback-failed'
        ? ((await liveTemplate(connection.cloudFormation, stackId ?? '')) ?? stack.text)
        : undefined;
    const changes = template === undefined ? [] : await removals(template);
    const handle: Handle = { connection, stackId, changeSet: undefined, recreate: false, protection: undefined };
    const plan: StackPlan = { ...headOf(stack), status: changes.length > 0 ? 'changed' : 'unchanged', changes };
    return { stack, plan, destroy: true, hasEffect: stackId !== undefined && condition !== 'absent', handle };
  };

  return {
    name: 'cloudformation',

    async plan(stack, options) {
      try {
        return await (options.destroy ? planDestroy(stack, options) : planDeploy(stack, options));
      } catch (error) {
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation', error);
      }
    },

    async *apply(frozen, options) {
      try {
        yield* frozen.destroy ? destroyed(frozen, options) : deployed(props, frozen, options);
      } catch (error) {
        if (options.signal.aborted)
          yield {
            kind: 'message',
            stack: frozen.stack.id,
            level: 'warn',
            text: 'no longer watched; CloudFormation finishes what it began, and `tandem deploy --resume` waits for it',
          };
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation', error);
      }
    },

    async discard({ handle }) {
      const { connection, changeSet } = handle as Handle;
      if (changeSet !== undefined) await removeChangeSet(connection.cloudFormation, changeSet);
    },

    async drift(stack, options) {
      const { cloudFormation: client } = await props.connect(stack);
      const name = artefactName(stack.id);
      const found = await findStack(client, name);
      if (conditionOf(found?.StackStatus) === 'absent')
        return { ...headOf(stack), status: 'unchanged', changes: [], drift: await removals(stack.text) };
      try {
        const { changes, reason } = await detectDrift(client, name, readTemplate(stack.text), options.signal);
        const head = { ...headOf(stack), changes: [], drift: changes };
        return reason === undefined ? { ...head, status: 'unchanged' } : { ...head, status: 'error', reason };
      } catch (error) {
        options.signal.throwIfAborted();
        throw toAwsError('cloudformation:DetectStackDrift', error);
      }
    },

    async outputs(stack): Promise<Outputs> {
      const { cloudFormation: client } = await props.connect(stack);
      const found = await findStack(client, artefactName(stack.id));
      if (found === undefined) throw stackGone(stack.id);
      const facts = readTemplate(stack.text);
      return Object.fromEntries(
        (found.Outputs ?? []).map(({ OutputKey: key = '', OutputValue: value }) => [
          key,
          { value, sensitive: facts.isSensitiveOutput(key) },
        ]),
      );
    },
  };
}

async function changeSetOf(
  connection: AwsConnection,
  { settings }: Pick<CloudFormationEngineProps, 'settings'>,
  stack: SynthesizedStack,
  kind: 'CREATE' | 'UPDATE',
  signal: AbortSignal,
): Promise<ChangeSet> {
  const { account, region, partition } = connection;
  const { qualifier } = readTemplate(stack.text);
  const tags = Object.entries(settings(stack).tags).map(([Key, Value]) => ({ Key, Value }));
  const role = `arn:${partition}:iam::${account}:role/cdk-${qualifier ?? ''}-cfn-exec-role-${account}-${region}`;
  const isLarge = Buffer.byteLength(stack.text) > BODY_LIMIT && qualifier !== undefined;
  try {
    const body = isLarge
      ? { TemplateURL: await publishTemplate(connection, stack.id, { ...stack, qualifier }) }
      : { TemplateBody: stack.text };
    return await makeChangeSet(connection.cloudFormation, {
      ...{ stack: artefactName(stack.id), kind, signal, Tags: tags },
      ...body,
      ...(qualifier === undefined ? {} : { RoleARN: role }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw planningError(error, stack, connection);
  }
}

async function* deployed(
  props: CloudFormationEngineProps,
  { stack, plan, handle }: FrozenStackPlan,
  options: EngineOptions,
): AsyncGenerator<StackEvent> {
  const { connection, protection, recreate, ...rest } = handle as Handle;
  const client = connection.cloudFormation;
  options.signal.throwIfAborted();
  let { changeSet } = rest;
  if (recreate) {
    yield { kind: 'message', stack: stack.id, level: 'info', text: 'removes the empty rest of its failed creation' };
    yield* removed(client, stack.id, rest.stackId ?? '', options);
    changeSet = await changeSetOf(connection, props, stack, 'CREATE', options.signal);
    const changes = await toChanges(changeSet.changes, undefined, stack.text);
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
    await publishAssets(connection, stack.id, assets, (what) => void uploads.push(`publishes ${what}`));
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

async function* destroyed({ stack, handle }: FrozenStackPlan, options: EngineOptions): AsyncGenerator<StackEvent> {
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
    const text = `the old ${address} (${physical}) could not be removed and stays, outside any stack: ${why}`;
    yield { kind: 'message', stack: id, level: 'warn', text };
  }
}

/** A stack that is yet to be made, as its artefact has it. */
async function creation(stack: SynthesizedStack, isAgain: boolean): Promise<Change[]> {
  const facts = readTemplate(stack.text);
  const reasons = isAgain ? ['its last creation failed and was rolled back'] : [];
  const changes = (await diffCloudFormation(undefined, stack.text)).filter((change) => isResource(change));
  return sortChanges(changes.map((change) => masked({ ...change, source: null, reasons }, facts)));
}

/** What goes with a stack, and what stays. */
async function removals(template: string): Promise<Change[]> {
  const facts = readTemplate(template);
  const changes = (await diffCloudFormation(template, undefined)).filter((change) => isResource(change));
  return sortChanges(changes.map((change) => masked({ ...change, source: null }, facts)));
}

function protectionChange(before: boolean, after: boolean): Change {
  return {
    address: 'TerminationProtection',
    type: 'template',
    action: 'update',
    reasons: after ? [] : ['from now on the stack can be destroyed'],
    attributes: [{ path: 'enabled', before, after, afterUnknown: false, sensitive: false, forcesReplacement: false }],
    source: null,
    noise: false,
    restarts: [],
    findings: [],
  };
}

function broken(id: StackId, { stack }: LiveStack): Error {
  const { StackStatus: status = '', StackStatusReason: why = '' } = stack ?? {};
  const next = status.startsWith('UPDATE')
    ? `\`aws cloudformation rollback-stack --stack-name ${artefactName(id)}\` takes back what failed; then run again`
    : `\`tandem destroy ${id}\` removes what is left of it; then \`tandem deploy ${id}\` makes it anew`;
  return stackStuck(id, status, why, next);
}

function headOf({ id }: SynthesizedStack): Pick<StackPlan, 'id' | 'engine' | 'holes' | 'drift'> {
  return { id, engine: 'cloudformation', holes: [], drift: [] };
}
