import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import type { Realm, StoreKey } from '../world.ts';
import type { Message, Queue } from './queue.ts';
import { queueOfArn, queues } from './store.ts';

interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly perSecond: number | undefined;
  readonly started: number;
  /** When started. */
  readonly total: number;
  moved: number;
  cancelled: boolean;
}

const KEY: StoreKey<MoveTask[]> = { name: 'sqs-moves', create: () => [] };
const MOST_PER_SECOND = 500;

/** SPEC.md, "Moving dead letters". */
export const moveCalls: Calls = {
  StartMessageMoveTask: {
    takes: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
    run: (input, { realm }) => {
      const { arn } = needDeadLetters(input, realm);
      const perSecond = input['MaxNumberOfMessagesPerSecond'];
      if (input['DestinationArn'] !== undefined)
        throw new AwsError('UnsupportedOperation', 'lab/aws moves dead letters back to their source only.');
      if (perSecond !== undefined && !(Number(perSecond) >= 1 && Number(perSecond) <= MOST_PER_SECOND))
        throw new AwsError('InvalidParameterValue', 'MaxNumberOfMessagesPerSecond must be between 1 and 500.');
      if (advance(realm, arn).some(isRunning)) {
        throw new AwsError(
          'InvalidParameterValue',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const task: MoveTask = {
        ...{ handle: realm.world.ids.uuid(), sourceArn: arn, moved: 0, cancelled: false },
        perSecond: perSecond === undefined ? undefined : Number(perSecond),
        started: realm.world.clock.now(),
        total: queueOfArn(realm, arn)?.counts().ready ?? 0,
      };
      realm.store(KEY).unshift(task);
      if (task.perSecond === undefined) step(realm, task);
      return { TaskHandle: task.handle };
    },
  },
  ListMessageMoveTasks: {
    takes: ['SourceArn', 'MaxResults'],
    run: (input, { realm }) => {
      const { arn } = needDeadLetters(input, realm);
      const most = Number(input['MaxResults'] ?? 1);
      return { Results: advance(realm, arn).slice(0, most).map(show) };
    },
  },
  CancelMessageMoveTask: {
    takes: ['TaskHandle'],
    run: (input, { realm }: CallContext) => {
      const task = realm.store(KEY).find(({ handle }) => handle === text(input['TaskHandle']));
      if (task === undefined || !isRunning(task))
        throw new AwsError('ResourceNotFoundException', 'Task does not exist.', 404);
      task.cancelled = true;
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  },
};

function needDeadLetters(input: JsonObject, realm: Realm): Queue {
  const arn = text(input['SourceArn']) ?? '';
  const found = queueOfArn(realm, arn);
  if (found === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
      404,
    );
  if (sourceOf(realm, arn) === undefined)
    throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  return found;
}

/** The first queue whose dead letters go there. */
function sourceOf(realm: Realm, arn: string): Queue | undefined {
  return [...queues(realm).values()].find((queue) => queue.redrive()?.deadLetterTargetArn === arn);
}

/** Brings the tasks of a queue to the present, the newest first. */
function advance(realm: Realm, arn: string): MoveTask[] {
  const mine = realm.store(KEY).filter(({ sourceArn }) => sourceArn === arn);
  for (const task of mine) if (isRunning(task)) step(realm, task);
  return mine;
}

function step(realm: Realm, task: MoveTask): void {
  const [from, to] = [queueOfArn(realm, task.sourceArn), sourceOf(realm, task.sourceArn)];
  const seconds = (realm.world.clock.now() - task.started) / 1000;
  const due = task.perSecond === undefined ? task.total : Math.min(task.total, Math.floor(seconds * task.perSecond));
  for (; task.moved < due; task.moved += 1) {
    const [message] = from?.receive(1, 1, () => false) ?? [];
    if (message === undefined || from === undefined || to === undefined) {
      task.moved = task.total;
      return;
    }
    from.delete(message);
    to.send(renewed(realm, message), 0);
  }
}

/** A new message with a new id and age, as if it had been sent now. */
function renewed(
  { world }: Realm,
  { body, md5, attributes, attributesMd5, sender }: Message,
): Parameters<Queue['send']>[0] {
  return { id: world.ids.uuid(), body, md5, attributes, attributesMd5, sent: world.clock.now(), sender };
}

function isRunning({ moved, total, cancelled }: MoveTask): boolean {
  return moved < total && !cancelled;
}

function show(task: MoveTask): JsonObject {
  const status = task.cancelled ? 'CANCELLED' : isRunning(task) ? 'RUNNING' : 'COMPLETED';
  return {
    ...(status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: status,
    SourceArn: task.sourceArn,
    ...(task.perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.total,
    StartedTimestamp: task.started,
  };
}
