import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target, until } from '../rule.ts';
import { running } from '../scene.ts';

const api = (call: string): string => `AWSSimpleQueueService/latest/APIReference/API_${call}.html`;
const guide = (page: string): string => `AWSSimpleQueueService/latest/SQSDeveloperGuide/${page}.html`;
const VISIBILITY = guide('sqs-visibility-timeout');

const queue = async (t: Target, Attributes: Record<string, string> = {}, QueueName = 'jobs') =>
  (await t.sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;
const send = (t: Target, QueueUrl: string, MessageBody = 'x', more: object = {}) =>
  t.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (t: Target, QueueUrl: string, more: object = {}): Promise<Message[]> =>
  (await t.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more }))).Messages ??
  [];
const change = (t: Target, QueueUrl: string, message: Message | undefined, VisibilityTimeout: number) =>
  t.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
  );
const remove = (t: Target, QueueUrl: string, message: Message | undefined) =>
  t.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
const attributes = async (t: Target, QueueUrl: string) =>
  (await t.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
const entries = (count: number, MessageBody = 'x') =>
  Array.from({ length: count }, (_, index) => ({ Id: String(index), MessageBody }));
const sendBatch = (t: Target, QueueUrl: string, Entries: object[]) =>
  t.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: Entries as never }));

const RANGES: readonly (readonly [string, string])[] = [
  ['VisibilityTimeout', '43201'],
  ['DelaySeconds', '901'],
  ['MessageRetentionPeriod', '59'],
  ['MessageRetentionPeriod', '1209601'],
  ['ReceiveMessageWaitTimeSeconds', '21'],
  ['MaximumMessageSize', '1023'],
];

export const queueRules: readonly Rule[] = [
  rule('defaults: visible again after 30 s, kept for 4 days, no delay, no wait', api('CreateQueue'), async (t) => {
    expect(await attributes(t, await queue(t))).toMatchObject({
      ...{
        VisibilityTimeout: '30',
        MessageRetentionPeriod: '345600',
        DelaySeconds: '0',
        ReceiveMessageWaitTimeSeconds: '0',
      },
    });
  }),
  ...RANGES.map(([name, value]) =>
    rule(`${name} of ${value} is refused`, api('SetQueueAttributes'), async (t) => {
      const QueueUrl = await queue(t);
      await refused(
        t.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } })),
        /^Invalid(Attribute|Parameter)Value/,
      );
    }),
  ),
  rule('an attribute that queues do not have is refused', api('SetQueueAttributes'), async (t) => {
    const QueueUrl = await queue(t);
    await refused(
      t.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Colour: 'red' } as never })),
      'InvalidAttributeName',
    );
  }),
  rule('the same queue twice is one, with other attributes it is refused', api('CreateQueue'), async (t) => {
    expect(await queue(t, { DelaySeconds: '5' })).toBe(await queue(t, { DelaySeconds: '5' }));
    await refused(queue(t, { DelaySeconds: '6' }), 'QueueNameExists');
  }),
  rule('a queue that is not there is refused', api('SendMessage'), async (t) => {
    const url = await queue(t);
    await refused(send(t, url.replace(/jobs$/, 'none')), 'QueueDoesNotExist');
  }),
  rule('a message is received once, and hidden for its visibility', VISIBILITY, async (t) => {
    const url = await queue(t, { VisibilityTimeout: '2' });
    await send(t, url);
    expect(await receive(t, url)).toHaveLength(1);
    expect(await receive(t, url)).toHaveLength(0);
    await t.pass(3);
    expect((await receive(t, url))[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
  }),
  rule('visibility of a receipt goes before the queue’s', api('ReceiveMessage'), async (t) => {
    const url = await queue(t, { VisibilityTimeout: '300' });
    await send(t, url);
    await receive(t, url, { VisibilityTimeout: 1 });
    await t.pass(2);
    expect(await receive(t, url)).toHaveLength(1);
  }),
  rule('visibility is prolonged from the moment of the call', api('ChangeMessageVisibility'), async (t) => {
    const url = await queue(t, { VisibilityTimeout: '2' });
    await send(t, url);
    const [message] = await receive(t, url);
    await change(t, url, message, 60);
    await t.pass(3);
    expect(await receive(t, url)).toHaveLength(0);
  }),
  rule('visibility of 0 gives a message back at once', api('ChangeMessageVisibility'), async (t) => {
    const url = await queue(t);
    await send(t, url);
    const [message] = await receive(t, url);
    await change(t, url, message, 0);
    expect(await receive(t, url)).toHaveLength(1);
  }),
  rule('visibility of more than 12 hours is refused', api('ChangeMessageVisibility'), async (t) => {
    const url = await queue(t);
    await send(t, url);
    const [message] = await receive(t, url);
    await refused(change(t, url, message, 43_201), /^InvalidParameterValue/);
  }),
  rule('12 hours of visibility count from the receipt', VISIBILITY, async (t) => {
    const url = await queue(t, { VisibilityTimeout: '43200' });
    await send(t, url);
    const [message] = await receive(t, url);
    await t.pass(2);
    await refused(change(t, url, message, 43_200), /^InvalidParameterValue/);
    await change(t, url, message, 43_000);
  }),
  rule('visibility of a message that is not in flight is refused', api('ChangeMessageVisibility'), async (t) => {
    const url = await queue(t, { VisibilityTimeout: '1' });
    await send(t, url);
    const [message] = await receive(t, url);
    await t.pass(2);
    await refused(change(t, url, message, 10), 'MessageNotInflight');
  }),
  rule('a deleted message does not come back', api('DeleteMessage'), async (t) => {
    const url = await queue(t, { VisibilityTimeout: '1' });
    await send(t, url);
    await remove(t, url, (await receive(t, url))[0]);
    await t.pass(2);
    expect(await receive(t, url)).toHaveLength(0);
  }),
  rule('deleting twice succeeds', api('DeleteMessage'), async (t) => {
    const url = await queue(t);
    await send(t, url);
    const [message] = await receive(t, url);
    await remove(t, url, message);
    await remove(t, url, message);
  }),
  rule('a receipt that is none is refused', api('DeleteMessage'), async (t) => {
    const url = await queue(t);
    await refused(remove(t, url, { ReceiptHandle: 'nonsense' }), 'ReceiptHandleIsInvalid');
  }),
  rule('at most 10 messages are received at once', api('ReceiveMessage'), async (t) => {
    const url = await queue(t);
    await sendBatch(t, url, entries(10));
    await sendBatch(t, url, entries(2));
    expect((await receive(t, url, { MaxNumberOfMessages: 10 })).length).toBeLessThanOrEqual(10);
    await refused(receive(t, url, { MaxNumberOfMessages: 11 }), /^InvalidParameterValue/);
    await refused(receive(t, url, { MaxNumberOfMessages: 0 }), /^InvalidParameterValue/);
  }),
  rule('a wait of more than 20 s is refused', guide('sqs-short-and-long-polling'), async (t) => {
    await refused(receive(t, await queue(t), { WaitTimeSeconds: 21 }), /^InvalidParameterValue/);
  }),
  rule('a delayed message shows after its delay', guide('sqs-message-timers'), async (t) => {
    const url = await queue(t);
    await send(t, url, 'x', { DelaySeconds: 2 });
    expect(await receive(t, url)).toHaveLength(0);
    expect((await attributes(t, url)).ApproximateNumberOfMessagesDelayed).toBe('1');
    await t.pass(3);
    expect(await receive(t, url)).toHaveLength(1);
  }),
  rule('a delay of more than 15 minutes is refused', guide('sqs-message-timers'), async (t) => {
    await refused(send(t, await queue(t), 'x', { DelaySeconds: 901 }), /^InvalidParameterValue/);
  }),
  rule('a message that is too long is refused', guide('quotas-messages'), async (t) => {
    const url = await queue(t, { MaximumMessageSize: '1024' });
    await refused(send(t, url, 'x'.repeat(1025)), /^InvalidParameterValue/);
    await send(t, url, 'x'.repeat(1024));
  }),
  rule('a message of 1 MiB is taken', guide('quotas-messages'), async (t) => {
    await send(t, await queue(t), 'x'.repeat(1_048_576));
  }),
  rule('an empty message is refused', api('SendMessage'), async (t) => {
    await refused(send(t, await queue(t), ''), /^(MissingParameter|InvalidParameterValue)/);
  }),
  rule('messages are kept for their retention period', guide('sqs-basic-architecture'), async (t) => {
    const url = await queue(t, { MessageRetentionPeriod: '60' });
    await send(t, url);
    await t.pass(61);
    expect(await receive(t, url)).toHaveLength(0);
  }),
  rule(
    'received once more than maxReceiveCount, a message goes to the dead-letter queue',
    guide('sqs-dead-letter-queues'),
    async (t) => {
      const dead = await queue(t, {}, 'dead');
      const deadLetterTargetArn = (await attributes(t, dead)).QueueArn;
      const url = await queue(t, {
        VisibilityTimeout: '1',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
      });
      await send(t, url, 'poison');
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await receive(t, url)).toHaveLength(1);
        await t.pass(2);
      }
      expect(await receive(t, url)).toHaveLength(0);
      expect((await receive(t, dead)).map(({ Body }) => Body)).toEqual(['poison']);
    },
  ),
  rule('a dead-letter queue must be there', api('SetQueueAttributes'), async (t) => {
    const deadLetterTargetArn = 'arn:aws:sqs:eu-west-3:111122223333:none';
    await refused(
      queue(t, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }) }),
      /^InvalidParameterValue|QueueDoesNotExist|.*NonExistentQueue$/,
    );
  }),
  rule('counts tell of messages that wait and are in flight', api('GetQueueAttributes'), async (t) => {
    const url = await queue(t);
    await sendBatch(t, url, entries(3));
    await receive(t, url);
    expect(await attributes(t, url)).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
  }),
  rule('a batch has at most 10 entries', guide('sqs-batch-api-actions'), async (t) => {
    await refused(sendBatch(t, await queue(t), entries(11)), /TooManyEntriesInBatchRequest$/);
  }),
  rule('a batch has an entry at least', guide('sqs-batch-api-actions'), async (t) => {
    await refused(sendBatch(t, await queue(t), []), /EmptyBatchRequest$/);
  }),
  rule('ids of a batch are distinct', guide('sqs-batch-api-actions'), async (t) => {
    await refused(sendBatch(t, await queue(t), [...entries(1), ...entries(1)]), /BatchEntryIdsNotDistinct$/);
  }),
  rule('an entry that fails leaves the others alone', guide('sqs-batch-api-actions'), async (t) => {
    const url = await queue(t, { MaximumMessageSize: '1024' });
    const { Successful, Failed } = await sendBatch(t, url, [
      ...entries(1),
      { Id: 'long', MessageBody: 'x'.repeat(1025) },
    ]);
    expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id }) => Id)]).toEqual([['0'], ['long']]);
  }),
  rule('messages are deleted in batches', api('DeleteMessageBatch'), async (t) => {
    const url = await queue(t);
    await sendBatch(t, url, entries(5));
    const got: Message[] = [];
    for (let tries = 0; tries < 20 && got.length < 5; tries += 1)
      got.push(...(await receive(t, url, { MaxNumberOfMessages: 10 })));
    const Entries = got.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
    expect((await t.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }))).Successful).toHaveLength(5);
    expect(await attributes(t, url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  }),
  rule('a purged queue is empty', api('PurgeQueue'), async (t) => {
    const url = await queue(t);
    await sendBatch(t, url, entries(5));
    await t.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await until(t, 'empty', async () => (await attributes(t, url)).ApproximateNumberOfMessages === '0');
  }),
  rule('a queue is purged once a minute', api('PurgeQueue'), async (t) => {
    const QueueUrl = await queue(t);
    await t.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await refused(t.sqs.send(new PurgeQueueCommand({ QueueUrl })), /PurgeQueueInProgress$/);
  }),
  rule('the name of a deleted queue is free after a minute', api('DeleteQueue'), async (t) => {
    await t.sqs.send(new DeleteQueueCommand({ QueueUrl: await queue(t) }));
    await refused(queue(t), /QueueDeletedRecently$/);
  }),
  rule(
    'a queue publishes its counts to CloudWatch once a minute',
    guide('sqs-available-cloudwatch-metrics'),
    async (t) => {
      const url = await queue(t);
      await sendBatch(t, url, entries(3));
      await t.pass(180);
      const Dimensions = [{ Name: 'QueueName', Value: 'jobs' }];
      const Metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions };
      const { MetricDataResults } = await t.cloudwatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ Id: 'n', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
          StartTime: new Date(t.now() - 3_600_000),
          EndTime: new Date(t.now()),
        }),
      );
      expect(MetricDataResults?.[0]?.Values?.[0]).toBe(3);
    },
  ),
];

const command = (t: Target, more: object) =>
  t.ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      Parameters: { commands: ['systemctl restart worker'] },
      ...more,
    }),
  );
const ssmApi = (call: string): string => `systems-manager/latest/APIReference/API_${call}.html`;

/** Instances that are up and answer Systems Manager. */
async function managed(t: Target, count: number, more: object = {}): Promise<string[]> {
  const ids = await running(t, count, more);
  await until(t, 'managed', async () => {
    const { InstanceInformationList } = await t.ssm.send(new DescribeInstanceInformationCommand({}));
    return (InstanceInformationList?.length ?? 0) >= Math.min(count, 50);
  });
  return ids;
}

export const commandRules: readonly Rule[] = [
  rule('a command runs on the instances that it names', ssmApi('SendCommand'), async (t) => {
    const InstanceIds = await managed(t, 2);
    const { Command } = await command(t, { InstanceIds });
    expect(Command).toMatchObject({
      TargetCount: 2,
      Status: expect.stringMatching(/^(Pending|InProgress)$/) as string,
    });
    const status = async (InstanceId: string) =>
      (await t.ssm.send(new GetCommandInvocationCommand({ CommandId: Command!.CommandId, InstanceId }))).Status;
    for (const id of InstanceIds) await until(t, 'success', async () => (await status(id)) === 'Success');
  }),
  rule('a command names at most 50 instances', ssmApi('SendCommand'), async (t) => {
    const InstanceIds = Array.from({ length: 51 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await refused(command(t, { InstanceIds }), /^ValidationException$/, /50/);
  }),
  rule('a command takes at most five targets', ssmApi('SendCommand'), async (t) => {
    const Targets = Array.from({ length: 6 }, (_, index) => ({ Key: `tag:t${index}`, Values: ['x'] }));
    await refused(command(t, { Targets }), 'ValidationException');
  }),
  rule('an instance that is not managed is refused', ssmApi('SendCommand'), async (t) => {
    await refused(command(t, { InstanceIds: ['i-0123456789abcdef0'] }), 'InvalidInstanceId');
  }),
  rule('a command by tag reaches all that carry it', ssmApi('SendCommand'), async (t) => {
    const Tags = [{ Key: 'team', Value: 'analysis' }];
    await managed(t, 60, { TagSpecifications: [{ ResourceType: 'instance', Tags }], InstanceType: 't4g.nano' });
    const { Command } = await command(t, { Targets: [{ Key: 'tag:team', Values: ['analysis'] }] });
    await until(t, 'targets', async () => {
      const { Commands } = await t.ssm.send(new ListCommandsCommand({ CommandId: Command!.CommandId }));
      return Commands?.[0]?.TargetCount === 60;
    });
  }),
  rule('50 instances run a command at once, unless it says otherwise', ssmApi('SendCommand'), async (t) => {
    const Tags = [{ Key: 'team', Value: 'analysis' }];
    await managed(t, 60, { TagSpecifications: [{ ResourceType: 'instance', Tags }], InstanceType: 't4g.nano' });
    const targets = { Targets: [{ Key: 'tag:team', Values: ['analysis'] }] };
    const begun = async (more: object) => {
      const { Command } = await command(t, { ...targets, ...more });
      const states: string[] = [];
      for (let NextToken: string | undefined; ; ) {
        const page = await t.ssm.send(new ListCommandInvocationsCommand({ CommandId: Command!.CommandId, NextToken }));
        states.push(...(page.CommandInvocations ?? []).map(({ Status }) => Status!));
        ({ NextToken } = page);
        if (NextToken === undefined) return states.filter((state) => state === 'InProgress').length;
      }
    };
    expect([await begun({}), await begun({ MaxConcurrency: '100%' })]).toEqual([50, 60]);
  }),
];
