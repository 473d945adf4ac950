import {
  type CloudFormationClient,
  type Stack,
  type StackEvent,
  type Tag,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { readFailure, toAwsError } from '../../aws-api/aws-error.ts';
import { artefactName, type StackId } from '../../stack/id.ts';
import type { Engine } from '../engine.ts';
import { foundMark, givesWay, type Mark, type OwnMark, unmarked } from '../lineage.ts';
import type { CloudFormationConnection } from './connection.ts';
import { markFailed } from './errors.ts';
import { follow } from './follow.ts';
import { conditionOf, findStack, isBeginning, newToken } from './stack-state.ts';

/** The tag of a stack. CloudFormation hands it on to the stack's resources. */
const LINEAGE_TAG = 'tandem:lineage';

/**
 * Marks of CloudFormation stacks: a tag that a stack gets when it is created, and keeps. To add it later would be an update of each of its
 * resources, so a stack that has none, of an earlier Tandem or of somebody else, stays without; only who takes it over changes the tag.
 */
export function cloudFormationMarks(
  connect: (stack: StackId) => Promise<CloudFormationConnection>,
): Required<Pick<Engine, 'lineageOf' | 'mark'>> {
  return {
    async lineageOf({ id }) {
      const connection = await connect(id);
      return markOf(await findStack(connection.cloudFormation, artefactName(id)), connection);
    },
    async mark({ id }, own, { instead, signal }) {
      const connection = await connect(id);
      const stack = await findStack(connection.cloudFormation, artefactName(id));
      const found = markOf(stack, connection);
      // Its creation brings the tag along.
      if (stack === undefined || found === undefined) return undefined;
      if (instead === undefined || found.lineage === own.lineage || !givesWay(found, own, instead)) return found;
      await setTag(connection.cloudFormation, { id, stack, own, signal });
      return { ...found, ...own };
    },
  };
}

function markOf(stack: Stack | undefined, { account, region }: CloudFormationConnection): Mark | undefined {
  if (stack === undefined || ['absent', 'review'].includes(conditionOf(stack.StackStatus))) return undefined;
  const where = `stack ${stack.StackName ?? ''} of account ${account} in ${region}`;
  const own = readTag((stack.Tags ?? []).find(({ Key }) => Key === LINEAGE_TAG)?.Value);
  return own === undefined
    ? { ...unmarked(where), at: stack.CreationTime?.toISOString() ?? '' }
    : foundMark(own, where);
}

/** `<id> <by> <at> <place>`, of the characters that a tag may have. */
export function lineageTag({ lineage, by, at, place }: OwnMark): Tag {
  const value = [lineage, by.replaceAll(' ', '_'), at, place].join(' ');
  return { Key: LINEAGE_TAG, Value: value.replaceAll(/[^\p{L}\p{N} _.:/=+@-]/gu, '_').slice(0, 256) };
}

function readTag(value: string | undefined): OwnMark | undefined {
  const [, lineage, by = '', at = '', place = ''] = /^(\S+)(?: (\S+) (\S+) ?(.*))?$/.exec(value ?? '') ?? [];
  return lineage === undefined ? undefined : { lineage, by, at, place };
}

/** The tag that a stack has and is to keep: none is added to one that has none. */
export function keptTag(stack: Stack | undefined): readonly Tag[] {
  return (stack?.Tags ?? []).filter(({ Key }) => Key === LINEAGE_TAG);
}

/** Changes the tag and nothing else. @throws TandemError `mark-failed` */
async function setTag(
  client: CloudFormationClient,
  { id, stack, own, signal }: { id: StackId; stack: Stack; own: OwnMark; signal: AbortSignal },
): Promise<void> {
  const { StackId: stackId = '', Tags = [], Parameters = [], Capabilities = [] } = stack;
  const token = newToken();
  const request = {
    ...{ StackName: stackId, UsePreviousTemplate: true, ClientRequestToken: token, Capabilities },
    Parameters: Parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
    Tags: [...Tags.filter(({ Key }) => Key !== LINEAGE_TAG), lineageTag(own)],
  };
  try {
    await client.send(new UpdateStackCommand(request));
  } catch (error) {
    if (readFailure(error).name !== 'ValidationError') throw toAwsError('cloudformation:UpdateStack', error);
    throw markFailed(id, readFailure(error).message);
  }
  const begins = (event: StackEvent): boolean => event.ClientRequestToken === token && isBeginning(event);
  const events = follow(client, { id, stackId, begins, signal });
  for (;;) {
    const next = await events.next();
    if (next.done !== true) continue;
    const { StackStatus: status = '', StackStatusReason: why = '' } = next.value.stack ?? {};
    if (status !== 'UPDATE_COMPLETE') throw markFailed(id, `${status} ${why}`.trim());
    return;
  }
}
