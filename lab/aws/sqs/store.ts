import { AwsError } from '../aws-error.ts';
import type { Realm, StoreKey } from '../world.ts';
import { Queue, type QueueAttributes } from './queue.ts';

const KEY: StoreKey<Map<string, Queue>> = { name: 'sqs', create: () => new Map<string, Queue>() };

export function queues(realm: Realm): Map<string, Queue> {
  return realm.store(KEY);
}

/** Ranges of the SetQueueAttributes page. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};
const OTHERS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'SqsManagedSseEnabled'];

export function checkAttributes(realm: Realm, attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (range === undefined && !OTHERS.includes(name))
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const invalid = () => new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    if (range !== undefined && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1]))
      throw invalid();
    if (name === 'RedrivePolicy' && value !== '') checkRedrive(realm, value);
  }
}

function checkRedrive(realm: Realm, policy: string): void {
  const refuse = (why: string): never => {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${why}`,
    );
  };
  let parsed: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    parsed = JSON.parse(policy) as typeof parsed;
  } catch {
    return refuse('Redrive policy is not a valid JSON map.');
  }
  const count = Number(parsed.maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    refuse('Invalid value for maxReceiveCount: must be between 1 and 1000.');
  if (queueOfArn(realm, String(parsed.deadLetterTargetArn)) === undefined) refuse('Dead letter target does not exist.');
}

export function createQueue(realm: Realm, name: string, attributes: QueueAttributes): Queue {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  checkAttributes(realm, attributes);
  const { world, account } = realm;
  const names = { name, arn: realm.arn('sqs', name), url: `${world.origin}/${account}/${name}` };
  const queue = new Queue(world, names, attributes);
  queues(realm).set(name, queue);
  return queue;
}

const DELETED: StoreKey<Map<string, number>> = { name: 'sqs-deleted', create: () => new Map<string, number>() };

export function deleteQueue(realm: Realm, { name }: Queue): void {
  queues(realm).delete(name);
  realm.store(DELETED).set(name, realm.world.clock.now());
}

export function deletedAt(realm: Realm, name: string): number | undefined {
  return realm.store(DELETED).get(name);
}

export function queueOfArn(realm: Realm, arn: string): Queue | undefined {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return queues(realm.world.realm(account, region)).get(name);
}

export function needQueue(realm: Realm, url: string): Queue {
  const [account = '', name = ''] = url.split('/').slice(-2);
  const found = account === realm.account ? queues(realm).get(name) : undefined;
  if (found === undefined) {
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', 400, {
      'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
    });
  }
  return found;
}
