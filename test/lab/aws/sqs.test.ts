import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { type Rig, rig } from './rig.ts';

/** SPEC.md, "SQS". The SDK checks the MD5s of what it sends and receives. */
describe('SQS', () => {
  let lab: Rig;
  let sqs: SQSClient;
  let clock: VirtualClock;
  beforeEach(async () => {
    clock = new VirtualClock({ rate: 0 });
    lab = await rig({ clock });
    sqs = new SQSClient(lab.config);
  });
  afterEach(() => lab.endpoint.close());

  const queue = async (name: string, Attributes: Record<string, string> = {}) =>
    (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))).QueueUrl!;
  const send = (QueueUrl: string, MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (QueueUrl: string, more: object = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...more }))).Messages ??
    [];
  const counts = async (QueueUrl: string) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible].map(Number);
  };

  it('hides what was received until its visibility ends', async () => {
    const url = await queue('jobs', { VisibilityTimeout: '30' });
    await send(url, 'one');
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['one']);
    expect(await receive(url)).toEqual([]);
    expect(await counts(url)).toEqual([0, 1]);
    await clock.advance(30_000);
    const [again] = await receive(url);
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('deletes by the latest receipt only', async () => {
    const url = await queue('jobs', { VisibilityTimeout: '1' });
    await send(url, 'one');
    const [first] = await receive(url);
    await clock.advance(1000);
    const [second] = await receive(url);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first!.ReceiptHandle }));
    expect(await counts(url)).toEqual([0, 1]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second!.ReceiptHandle }));
    expect(await counts(url)).toEqual([0, 0]);
  });

  it('extends and ends visibility on request', async () => {
    const url = await queue('jobs', { VisibilityTimeout: '10' });
    await send(url, 'one');
    const [message] = await receive(url);
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout }),
      );
    await change(60);
    await clock.advance(30_000);
    expect(await receive(url)).toEqual([]);
    await change(0);
    expect(await receive(url)).toHaveLength(1);
  });

  it('fails to change the visibility of what is not in flight', async () => {
    const url = await queue('jobs', { VisibilityTimeout: '1' });
    await send(url, 'one');
    const [message] = await receive(url);
    await clock.advance(1000);
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle: message!.ReceiptHandle,
      VisibilityTimeout: 9,
    });
    await expect(sqs.send(change)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it('fails to hide a message for more than twelve hours from its receipt', async () => {
    const url = await queue('jobs');
    await send(url, 'one');
    const [message] = await receive(url, { VisibilityTimeout: 43_200 });
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout }),
      );
    await clock.advance(3_600_000);
    await expect(change(43_200)).rejects.toThrow(/beyond the limit \[43200 seconds\]/);
    await change(39_600);
  });

  it('fails to purge a queue, or to make one of the name of one deleted, within a minute', async () => {
    const url = await queue('jobs');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    const again = () => sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await expect(again()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    await clock.advance(60_000);
    await again();
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(queue('jobs')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
    await clock.advance(60_000);
    await queue('jobs');
  });

  it('moves what was received too often to the dead-letter queue', async () => {
    const dead = await queue('dead');
    const policy = { deadLetterTargetArn: 'arn:aws:sqs:eu-west-3:111122223333:dead', maxReceiveCount: 2 };
    const url = await queue('jobs', { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(policy) });
    await send(url, 'poison');
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await receive(url)).toHaveLength(1);
      await clock.advance(1000);
    }
    expect(await receive(url)).toEqual([]);
    expect(await counts(url)).toEqual([0, 0]);
    expect((await receive(dead)).map(({ Body }) => Body)).toEqual(['poison']);
  });

  it('answers a long poll when a message comes, and with nothing when none does', async () => {
    const url = await queue('jobs');
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await clock.advance(5000);
    await send(url, 'late');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['late']);
    const vain = receive(url, { WaitTimeSeconds: 3 });
    const patience = setInterval(() => void clock.advance(1000), 20);
    expect(await vain).toEqual([]);
    clearInterval(patience);
  });

  it('takes batches of ten, each entry by itself', async () => {
    const url = await queue('jobs', { MaximumMessageSize: '1024' });
    const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody });
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries: [entry('a', 'fits'), entry('b', 'x'.repeat(2000))] }),
    );
    expect([Successful?.length, Failed?.[0]?.Id]).toEqual([1, 'b']);
    const eleven = Array.from({ length: 11 }, (_, index) => entry(String(index), 'x'));
    const send11 = sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: eleven }));
    await expect(send11).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  });

  it('carries message attributes', async () => {
    const url = await queue('jobs');
    const attributes = {
      kind: { DataType: 'String', StringValue: 'words' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes: attributes }));
    const [message] = await receive(url, { MessageAttributeNames: ['All'] });
    expect(message?.MessageAttributes?.['kind']?.StringValue).toBe('words');
  });

  it('fails beyond the messages that may be in flight', async () => {
    const url = await queue('jobs');
    const { queues } = await import('../../../lab/aws/sqs/store.ts');
    const inside = queues(lab.endpoint.state.realm('111122223333', 'eu-west-3')).get('jobs')!;
    const message = { body: 'x', md5: '', attributes: {}, attributesMd5: undefined, sent: clock.now(), sender: '' };
    for (let index = 0; index < 120_001; index += 1) inside.send({ ...message, id: String(index) }, 0);
    inside.receive(120_000, 43_200, () => false);
    await expect(receive(url)).rejects.toMatchObject({ name: 'OverLimit' });
  });

  it('fails on a queue that is not there', async () => {
    const url = `${lab.endpoint.url}/111122223333/none`;
    await expect(receive(url)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});
