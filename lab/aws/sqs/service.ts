import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { isObject, strings, text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import { jsonService } from '../wire/json-protocol.ts';
import { messageCalls } from './message-calls.ts';
import { moveCalls } from './move-calls.ts';
import type { Queue, QueueAttributes } from './queue.ts';
import { checkAttributes, createQueue, deletedAt, deleteQueue, needQueue, queues } from './store.ts';

const queueOf = (input: JsonObject, { realm }: CallContext): Queue => needQueue(realm, text(input['QueueUrl']) ?? '');

/** API_PurgeQueue and API_DeleteQueue. */
const ONE_MINUTE = 60_000;

const queueCalls: Calls = {
  CreateQueue: {
    takes: ['QueueName', 'Attributes', 'tags'],
    run: (input, { realm }) => {
      const name = text(input['QueueName']) ?? '';
      const wanted = textMap(input['Attributes']);
      const found = queues(realm).get(name);
      if (found === undefined) {
        if (realm.world.clock.now() - (deletedAt(realm, name) ?? -Infinity) < ONE_MINUTE) {
          throw new AwsError(
            'QueueDeletedRecently',
            'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
          );
        }
        return { QueueUrl: createQueue(realm, name, wanted).url };
      }
      if (Object.entries(wanted).some(([key, value]) => found.attributes[key] !== value))
        throw new AwsError(
          'QueueNameExists',
          'A queue already exists with the same name and a different value for an attribute',
        );
      return { QueueUrl: found.url };
    },
  },
  DeleteQueue: {
    takes: ['QueueUrl'],
    run: (input, context) => {
      deleteQueue(context.realm, queueOf(input, context));
      return {};
    },
  },
  GetQueueUrl: {
    takes: ['QueueName', 'QueueOwnerAWSAccountId'],
    run: (input, { realm }) => ({
      QueueUrl: needQueue(realm, `${realm.account}/${text(input['QueueName']) ?? ''}`).url,
    }),
  },
  ListQueues: {
    takes: ['QueueNamePrefix', 'MaxResults', 'NextToken'],
    run: (input, { realm }) => {
      const prefix = text(input['QueueNamePrefix']) ?? '';
      const found = [...queues(realm).values()].filter(({ name }) => name.startsWith(prefix));
      return found.length === 0 ? {} : { QueueUrls: found.map(({ url }) => url) };
    },
  },
  GetQueueAttributes: {
    takes: ['QueueUrl', 'AttributeNames'],
    run: (input, context) => {
      const wanted = strings(input['AttributeNames']);
      const all = allAttributes(queueOf(input, context));
      const unknown = wanted.find((name) => name !== 'All' && !(name in all) && !OPTIONAL.includes(name));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const shown = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
      return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) };
    },
  },
  SetQueueAttributes: {
    takes: ['QueueUrl', 'Attributes'],
    run: (input, context) => {
      const queue = queueOf(input, context);
      const wanted = textMap(input['Attributes']);
      checkAttributes(context.realm, wanted);
      queue.attributes = { ...queue.attributes, ...wanted };
      queue.modified = context.world.clock.now();
      return {};
    },
  },
  PurgeQueue: {
    takes: ['QueueUrl'],
    run: (input, context) => {
      const queue = queueOf(input, context);
      if (context.world.clock.now() - (queue.purgedAt ?? -Infinity) < ONE_MINUTE) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
          403,
        );
      }
      queue.purge();
      return {};
    },
  },
  ListQueueTags: { takes: ['QueueUrl'], run: (input, context) => ({ Tags: queueOf(input, context).tags }) },
};

const OPTIONAL = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

function allAttributes(queue: Queue): Record<string, string> {
  const { ready, inFlight, delayed } = queue.counts();
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(ready),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
  };
}

function textMap(value: unknown): QueueAttributes {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, text(inner) ?? '']));
}

export const sqs = jsonService(
  { service: 'sqs', target: 'AmazonSQS', version: '1.0', errorNamespace: 'com.amazonaws.sqs#' },
  { ...queueCalls, ...messageCalls, ...moveCalls },
);
