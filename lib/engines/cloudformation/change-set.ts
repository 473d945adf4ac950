import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  type DeploymentMode,
  type DescribeChangeSetOutput,
  DescribeEventsCommand,
  ListChangeSetsCommand,
  paginateDescribeChangeSet,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import { conditionOf, findStack, TOKEN_PREFIX } from './stack-state.ts';

/** A change set that CloudFormation has worked out. */
export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  readonly changes: readonly ResourceChange[];
  /** False where CloudFormation says that nothing would change: such a change set cannot be executed. */
  readonly isExecutable: boolean;
}

/** CloudFormation could not work it out; in its words. */
export class ChangeSetFailed extends Error {}

const NOTHING = /didn't contain changes|No updates are to be performed/;

export interface ChangeSetRequest
  extends Pick<
    CreateChangeSetCommandInput,
    'TemplateBody' | 'TemplateURL' | 'Parameters' | 'RoleARN' | 'Tags' | 'ResourcesToImport'
  > {
  readonly stack: string;
  /** `IMPORT`: takes in what exists, and makes nothing. */
  readonly kind: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly signal: AbortSignal;
}

/** Said by what does not know drift-aware change sets: a partition or an endpoint that is behind. */
const NOT_AWARE = /DeploymentMode|REVERT_DRIFT/i;

/**
 * Has CloudFormation work out a change set. That of an update is drift-aware: it compares with what is there, so that it says, and its
 * execution undoes, what was changed by hand. Where the API has no such mode, it compares with what was set last.
 * @throws ChangeSetFailed
 */
export async function makeChangeSet(client: CloudFormationClient, request: ChangeSetRequest): Promise<ChangeSet> {
  if (request.kind !== 'UPDATE') return await makeIn(client, request, undefined);
  try {
    return await makeIn(client, request, 'REVERT_DRIFT');
  } catch (error) {
    request.signal.throwIfAborted();
    if (!(error instanceof Error) || !NOT_AWARE.test(error.message)) throw error;
    return await makeIn(client, request, undefined);
  }
}

async function makeIn(
  client: CloudFormationClient,
  { stack, kind, signal, ...rest }: ChangeSetRequest,
  mode: DeploymentMode | undefined,
): Promise<ChangeSet> {
  const created = await client.send(
    new CreateChangeSetCommand({
      ...rest,
      StackName: stack,
      ChangeSetName: `${TOKEN_PREFIX}${randomBytes(6).toString('hex')}`,
      ChangeSetType: kind,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      ...(mode === undefined ? {} : { DeploymentMode: mode }),
    }),
    { abortSignal: signal },
  );
  const id = created.Id ?? '';
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 3000)) {
    const found = await describe(client, id);
    const stackId = found.StackId ?? created.StackId ?? '';
    if (found.Status === 'CREATE_COMPLETE')
      return { id, stackId, changes: found.changes, isExecutable: found.ExecutionStatus === 'AVAILABLE' };
    if (found.Status === 'FAILED') {
      const reason = found.StatusReason ?? 'no reason was given';
      if (NOTHING.test(reason)) return { id, stackId, changes: [], isExecutable: false };
      const details = await problems(client, id, reason);
      await removeChangeSet(client, { id, stackId });
      throw new ChangeSetFailed(details);
    }
    await sleep(pause, undefined, { signal }).catch(async (error: unknown) => {
      await removeChangeSet(client, { id, stackId });
      throw error;
    });
  }
}

async function describe(
  client: CloudFormationClient,
  id: string,
): Promise<DescribeChangeSetOutput & { readonly changes: readonly ResourceChange[] }> {
  const changes: ResourceChange[] = [];
  let first: DescribeChangeSetOutput | undefined;
  for await (const page of paginateDescribeChangeSet({ client }, { ChangeSetName: id, IncludePropertyValues: true })) {
    first ??= page;
    changes.push(...(page.Changes ?? []).flatMap(({ ResourceChange: change }) => change ?? []));
  }
  return { ...first, changes };
}

/** Early validation tells its findings as events of the change set. */
async function problems(client: CloudFormationClient, id: string, reason: string): Promise<string> {
  if (!reason.includes('EarlyValidation')) return reason;
  try {
    const { OperationEvents = [] } = await client.send(
      new DescribeEventsCommand({ ChangeSetName: id, Filters: { FailedEvents: true } }),
    );
    const told = OperationEvents.map((event) =>
      [event.LogicalResourceId, event.ValidationPath, event.ValidationStatusReason ?? event.ResourceStatusReason]
        .filter((part) => part !== undefined && part !== '')
        .join(': '),
    ).filter((line) => line !== '');
    return told.length === 0 ? reason : told.join('; ');
  } catch {
    // Without the details the reason still says what kind of check it was.
    return reason;
  }
}

/** Removes a change set, and the empty stack that stands for it where nothing was ever executed. */
export async function removeChangeSet(
  client: CloudFormationClient,
  { id, stackId }: Pick<ChangeSet, 'id' | 'stackId'>,
): Promise<void> {
  try {
    await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
  } catch (error) {
    const { name } = readFailure(error);
    // Executed: it belongs to the stack's history.
    if (name.startsWith('InvalidChangeSetStatus')) return;
    if (!name.startsWith('ChangeSetNotFound')) throw toAwsError('cloudformation:DeleteChangeSet', error);
  }
  await removeIfUnderReview(client, stackId);
}

async function removeIfUnderReview(client: CloudFormationClient, stackId: string): Promise<void> {
  const stack = await findStack(client, stackId);
  if (conditionOf(stack?.StackStatus) !== 'review') return;
  const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stackId }));
  if (Summaries.length > 0) return;
  await client.send(new DeleteStackCommand({ StackName: stackId }));
}

/** Removes what killed runs of Tandem left: change sets that nobody will execute. The caller holds the stack's lock. */
export async function sweepChangeSets(client: CloudFormationClient, stack: string): Promise<void> {
  const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stack }));
  for (const { ChangeSetId, ChangeSetName = '', Status } of Summaries) {
    if (!ChangeSetName.startsWith(TOKEN_PREFIX) || Status === 'CREATE_IN_PROGRESS') continue;
    await client.send(new DeleteChangeSetCommand({ ChangeSetName: ChangeSetId })).catch(() => undefined);
  }
}
