import { AwsError } from '../aws-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { defined, isObject, strings, text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import { runBatch } from './batch.ts';
import { attributesMd5, type Message, type MessageAttribute, md5, type Queue } from './queue.ts';
import { needQueue, queueOfArn } from './store.ts';

/** Of standard queues, per the quotas page. */
const MOST_IN_FLIGHT = 120_000;
const MOST_VISIBILITY_SECONDS = 43_200;

const queueOf = (input: JsonObject, { realm }: CallContext): Queue => needQueue(realm, text(input['QueueUrl']) ?? '');

export const messageCalls: Calls = {
  SendMessage: {
    takes: ['QueueUrl', 'MessageBody', 'DelaySeconds', 'MessageAttributes'],
    run: (input, context) => send(queueOf(input, context), input, context),
  },
  SendMessageBatch: {
    takes: ['QueueUrl', 'Entries'],
    run: (input, context) => {
      const queue = queueOf(input, context);
      const size = JSON.stringify(input['Entries'] ?? []).length;
      if (size > 2 * 1_048_576)
        throw new AwsError('BatchRequestTooLong', 'Batch requests cannot be longer than 1048576 bytes.');
      return runBatch(input, (entry) => send(queue, entry, context));
    },
  },
  ReceiveMessage: {
    takes: [
      ...['QueueUrl', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds', 'AttributeNames'],
      ...['MessageSystemAttributeNames', 'MessageAttributeNames'],
    ],
    run: receive,
  },
  DeleteMessage: {
    takes: ['QueueUrl', 'ReceiptHandle'],
    run: (input, context) => remove(queueOf(input, context), input),
  },
  DeleteMessageBatch: {
    takes: ['QueueUrl', 'Entries'],
    run: (input, context) => {
      const queue = queueOf(input, context);
      return runBatch(input, (entry) => remove(queue, entry));
    },
  },
  ChangeMessageVisibility: {
    takes: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
    run: (input, context) => changeVisibility(queueOf(input, context), input, context),
  },
  ChangeMessageVisibilityBatch: {
    takes: ['QueueUrl', 'Entries'],
    run: (input, context) => {
      const queue = queueOf(input, context);
      return runBatch(input, (entry) => changeVisibility(queue, entry, context));
    },
  },
};

function send(queue: Queue, input: JsonObject, { world, principal }: CallContext): JsonObject {
  const body = text(input['MessageBody']) ?? '';
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  const given = isObject(input['MessageAttributes']) ? input['MessageAttributes'] : {};
  const attributes = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, messageAttribute(name, value)]),
  );
  const size =
    Buffer.byteLength(body) + Buffer.byteLength(Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes));
  if (size > queue.seconds('MaximumMessageSize')) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.seconds('MaximumMessageSize')} bytes.`,
    );
  }
  const delay = bounded(input, 'DelaySeconds', queue.seconds('DelaySeconds'), 900);
  const message = {
    id: world.ids.uuid(),
    body,
    md5: md5(body),
    attributes,
    attributesMd5: attributesMd5(attributes),
    sent: world.clock.now(),
    sender: principal.userId,
  };
  queue.send(message, delay);
  return defined({
    MessageId: message.id,
    MD5OfMessageBody: message.md5,
    MD5OfMessageAttributes: message.attributesMd5,
  });
}

function messageAttribute(name: string, value: Json): MessageAttribute {
  const type = isObject(value) ? text(value['DataType']) : undefined;
  if (!isObject(value) || type === undefined || !/^(String|Number|Binary)(\..+)?$/.test(type))
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' has an invalid message attribute type.`,
    );
  const [string, binary] = [text(value['StringValue']), text(value['BinaryValue'])];
  return {
    DataType: type,
    ...(string !== undefined && { StringValue: string }),
    ...(binary !== undefined && { BinaryValue: binary }),
  };
}

async function receive(input: JsonObject, context: CallContext): Promise<JsonObject> {
  const queue = queueOf(input, context);
  const most = bounded(input, 'MaxNumberOfMessages', 1, 10, 1);
  const visibility = bounded(input, 'VisibilityTimeout', queue.seconds('VisibilityTimeout'), MOST_VISIBILITY_SECONDS);
  const wait = bounded(input, 'WaitTimeSeconds', queue.seconds('ReceiveMessageWaitTimeSeconds'), 20);
  const { clock } = context.world;
  const deadline = clock.now() + wait * 1000;
  for (;;) {
    const left = MOST_IN_FLIGHT - queue.counts().inFlight;
    if (left <= 0 && wait === 0) {
      throw new AwsError('OverLimit', 'The maximum number of in flight messages is reached.', 403, {
        'x-amzn-query-error': 'OverLimit;Sender',
      });
    }
    const messages = context.hangUp.aborted
      ? []
      : queue.receive(Math.min(most, left), visibility, (message, { deadLetterTargetArn }) => {
          const target = queueOfArn(context.realm, deadLetterTargetArn);
          target?.adopt(message);
          return target !== undefined;
        });
    if (messages.length > 0) return { Messages: messages.map((message) => show(message, input)) };
    const rest = deadline - clock.now();
    if (rest <= 0 || context.hangUp.aborted) return {};
    await queue.changed(Math.max(1, Math.min(rest, queue.untilNext())), context.hangUp);
  }
}

function show(message: Message, input: JsonObject): JsonObject {
  const system = [...strings(input['AttributeNames']), ...strings(input['MessageSystemAttributeNames'])];
  const all: Record<string, string> = {
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived ?? 0),
    SentTimestamp: String(message.sent),
    SenderId: message.sender,
  };
  const shown = Object.entries(all).filter(([name]) => system.includes('All') || system.includes(name));
  const wanted = strings(input['MessageAttributeNames']);
  const chosen = Object.entries(message.attributes).filter(([name]) =>
    wanted.some(
      (want) => ['All', '.*', name].includes(want) || (want.endsWith('.*') && name.startsWith(want.slice(0, -2))),
    ),
  );
  const attributes = Object.fromEntries(chosen);
  return defined({
    MessageId: message.id,
    ReceiptHandle: message.receipt ?? '',
    MD5OfBody: message.md5,
    Body: message.body,
    Attributes: shown.length === 0 ? undefined : Object.fromEntries(shown),
    MessageAttributes: chosen.length === 0 ? undefined : (attributes as unknown as JsonObject),
    MD5OfMessageAttributes: attributesMd5(attributes),
  });
}

/** Deleting with an old receipt succeeds and deletes nothing; deleting twice succeeds. */
function remove(queue: Queue, input: JsonObject): JsonObject {
  const receipt = needReceipt(queue, input);
  const message = queue.held(receipt);
  if (message !== undefined) queue.delete(message);
  return {};
}

function changeVisibility(queue: Queue, input: JsonObject, context: CallContext): JsonObject {
  const seconds = bounded(input, 'VisibilityTimeout', 0, MOST_VISIBILITY_SECONDS);
  const message = queue.held(needReceipt(queue, input));
  if (message?.state !== 'in-flight') {
    throw new AwsError('MessageNotInflight', 'The specified message is not in flight.', 400, {
      'x-amzn-query-error': 'AWS.SimpleQueueService.MessageNotInflight;Sender',
    });
  }
  // From the receipt on, however often it is prolonged: API_ChangeMessageVisibility.
  const total = context.world.clock.now() - (message.lastReceived ?? 0) + seconds * 1000;
  if (total > MOST_VISIBILITY_SECONDS * 1000) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${MOST_VISIBILITY_SECONDS} seconds].`,
    );
  }
  queue.changeVisibility(message, seconds);
  return {};
}

function needReceipt(queue: Queue, input: JsonObject): string {
  const receipt = text(input['ReceiptHandle']) ?? '';
  if (!Buffer.from(receipt, 'base64').toString('utf8').startsWith(`${queue.name} `))
    throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  return receipt;
}

function bounded(input: JsonObject, name: string, otherwise: number, most: number, least = 0): number {
  const written = text(input[name]);
  const value = written === undefined ? otherwise : Number(written);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${written ?? ''} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  );
}
