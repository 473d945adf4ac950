import { randomBytes } from 'node:crypto';
import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';

/** Operations of Tandem carry it in their token, so that somebody else's are told apart. */
export const TOKEN_PREFIX = 'tandem-';

export function newToken(): string {
  return `${TOKEN_PREFIX}${randomBytes(12).toString('hex')}`;
}

/**
 * What can be done with a stack. `absent`: nothing is there; `review`: change sets and nothing else; `ready`: change sets change it;
 * `empty`: its creation was rolled back, and it can only be removed; `busy`: an operation is under way; `rollback-failed`: the
 * rollback of an update must be continued; `broken`: only its deletion, or a person, helps.
 */
export type Condition = 'absent' | 'review' | 'ready' | 'empty' | 'busy' | 'rollback-failed' | 'broken';

/** Source: AWSCloudFormation/latest/UserGuide/view-stack-events.html, stack status codes. Pure. */
export function conditionOf(status: string | undefined): Condition {
  if (status === undefined || status === 'DELETE_COMPLETE') return 'absent';
  if (status === 'REVIEW_IN_PROGRESS') return 'review';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  if (status === 'ROLLBACK_COMPLETE') return 'empty';
  if (status === 'UPDATE_ROLLBACK_FAILED') return 'rollback-failed';
  return status.endsWith('_COMPLETE') ? 'ready' : 'broken';
}

/** A stack by name or id; undefined where there is none. */
export async function findStack(client: CloudFormationClient, nameOrId: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }));
    return Stacks[0];
  } catch (error) {
    const { name, message } = readFailure(error);
    if (name === 'ValidationError' && message.includes('does not exist')) return undefined;
    throw toAwsError('cloudformation:DescribeStacks', error);
  }
}

/** Events of a stack, newest first, back to the one for which `until` holds (that one included), or to the beginning. */
export async function eventsUntil(
  client: CloudFormationClient,
  stack: string,
  until: (event: StackEvent) => boolean,
): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  try {
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stack }))
      for (const event of StackEvents) {
        events.push(event);
        if (until(event)) return events;
      }
    return events;
  } catch (error) {
    throw toAwsError('cloudformation:DescribeStackEvents', error);
  }
}

/** The event with which a stack's latest operation began: of the stack itself, and no part of a running one. */
export function isBeginning(event: StackEvent): boolean {
  return (
    event.PhysicalResourceId === event.StackId &&
    /^(?:CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.ResourceStatus ?? '')
  );
}

/** A resource that a stack has. */
export interface LiveResource {
  readonly address: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What a stack has now, by its own list; without what a deletion that failed removed before. */
export async function liveResources(client: CloudFormationClient, stack: string): Promise<LiveResource[]> {
  const found: LiveResource[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack }))
      for (const { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus } of StackResourceSummaries)
        if (PhysicalResourceId !== undefined && ResourceStatus !== 'DELETE_COMPLETE')
          found.push({ address: LogicalResourceId ?? '', type: ResourceType ?? '', physicalId: PhysicalResourceId });
    return found;
  } catch (error) {
    throw toAwsError('cloudformation:ListStackResources', error);
  }
}
