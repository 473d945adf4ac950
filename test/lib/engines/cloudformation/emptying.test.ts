import { CreateMultipartUploadCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buckets, putObject } from '../../../../lab/aws/s3/store.ts';
import { describeBucket } from '../../../../lib/engines/cloudformation/emptying/bucket.ts';
import { lostWork } from '../../../../lib/engines/holdings.ts';
import { bytes } from '../../../../lib/text/bytes.ts';
import { openRig, type Rig, storeStack } from './lifecycle-rig.ts';

describe('a stack with data is destroyed', () => {
  let rig: Rig;
  const stack = storeStack('Delete');
  beforeEach(async () => {
    rig = await openRig();
    await rig.deploy(stack);
  });
  afterEach(() => rig.close());

  const bucket = () => rig.ids('AWS::S3::Bucket')[0] ?? '';
  const jobs = () => rig.ids('AWS::SQS::Queue').find((url) => url.endsWith('acme-jobs')) ?? '';
  const put = (Key: string) => rig.s3.send(new PutObjectCommand({ Bucket: bucket(), Key, Body: 'x'.repeat(1000) }));
  const reasons = async (address: string) =>
    (await rig.plan(stack, { destroy: true })).plan.changes.find((each) => each.address === address)?.reasons;

  test('and says nothing of what is empty', async () => {
    const { holdings, plan } = await rig.plan(stack, { destroy: true });
    expect(holdings).toEqual([]);
    expect(plan.changes.flatMap((change) => change.reasons).filter((each) => each.includes('holds'))).toEqual([]);
  });

  test('and says beforehand what is in bucket and queue', async () => {
    await put('a');
    await put('a');
    await put('b');
    await rig.s3.send(new DeleteObjectCommand({ Bucket: bucket(), Key: 'b' }));
    await rig.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket(), Key: 'large' }));
    const Entries = ['1', '2', '3'].map((Id) => ({ Id, MessageBody: Id }));
    await rig.sqs.send(new SendMessageBatchCommand({ QueueUrl: jobs(), Entries }));
    await rig.sqs.send(new ReceiveMessageCommand({ QueueUrl: jobs() }));
    const { holdings = [] } = await rig.plan(stack, { destroy: true });
    expect(lostWork(holdings)).toMatchObject([
      { address: 'Bucket', text: '1 object, 2 earlier versions, 1 delete marker, 1 unfinished upload, 2.9 KiB' },
      { address: 'Jobs', name: 'queue acme-jobs', text: '3 messages, 1 of them in flight' },
    ]);
    expect(await reasons('Jobs')).toContain('CAUTION: it holds 3 messages, 1 of them in flight');
  });

  test('fails in the words of a deletion where nobody said that its data may go', async () => {
    await put('a');
    await expect(rig.destroy(stack)).rejects.toMatchObject({
      code: 'stack-failed',
      message: expect.stringMatching(
        /^destroying custom\/store failed: Bucket: The bucket you tried to delete is not empty/,
      ),
      next: '`tandem destroy custom/store --empty` empties and deletes it',
    });
    // What the bucket is encrypted with goes after it.
    expect(rig.ids('AWS::KMS::Key')).toHaveLength(1);
    // What it advises is what helps.
    await rig.destroy(stack, { empty: true });
    expect([...rig.ids('AWS::KMS::Key'), ...rig.ids('AWS::S3::Bucket'), ...rig.ids('AWS::SQS::Queue')]).toEqual([]);
  });

  test('of a stack that was left half deleted, shows what is left alone', async () => {
    await put('a');
    await rig.destroy(stack).catch(() => undefined);
    const { plan } = await rig.plan(stack, { destroy: true });
    expect(plan.changes.map(({ address }) => address)).toEqual(['Bucket', 'Key']);
    await expect(rig.plan(stack)).rejects.toMatchObject({
      code: 'stack-stuck',
      next: expect.stringContaining('`tandem destroy custom/store` deletes what is left'),
    });
  });

  test('with all versions, markers and uploads, by 1,000 a call; the key last', async () => {
    const store = buckets(rig.endpoint.state.realm('222233334444', 'eu-west-3').world).get(bucket());
    for (let index = 0; index < 2500; index += 1)
      putObject(rig.endpoint.state.realm('222233334444', 'eu-west-3').world, store!, {
        key: `k${index % 1200}`,
        body: Buffer.alloc(1),
      });
    await rig.s3.send(new DeleteObjectCommand({ Bucket: bucket(), Key: 'k1' }));
    await rig.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket(), Key: 'large' }));
    const events = await rig.destroy(stack, { empty: true });
    const progress = events.filter((event) => event.kind === 'resource' && event.phase === 'progress');
    expect(progress).toHaveLength(4);
    expect(events).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('deleted 2,502 versions, delete markers and uploads') }),
    );
    const gone = events.flatMap((event) =>
      event.kind === 'resource' && event.phase === 'done' && event.action === 'delete' ? [event.address] : [],
    );
    expect(gone.at(-1)).toBe('Key');
    expect(gone).toHaveLength(4);
  });

  test('though something is put in while it is deleted', async () => {
    await put('a');
    const frozen = await rig.plan(stack, { destroy: true });
    let late = 0;
    const signal = new AbortController().signal;
    const told: string[] = [];
    for await (const event of rig.engine.apply(frozen, { signal, parallelism: 4, empty: true })) {
      if (event.kind === 'message') told.push(event.text);
      // A worker that still runs.
      if (event.kind === 'message' && late === 0) {
        late += 1;
        await put('late');
      }
    }
    expect(told).toContain('something was put in while the stack was deleted; emptying again');
    expect(rig.ids('AWS::S3::Bucket')).toEqual([]);
  });

  test('once more, where nothing is left, without harm', async () => {
    const frozen = await rig.plan(stack, { destroy: true });
    await rig.destroy(stack, { empty: true });
    await rig.apply(frozen, { empty: true });
    expect((await rig.plan(stack, { destroy: true })).hasEffect).toBe(false);
  });

  test('names what S3 refuses to delete', async () => {
    await put('held');
    rig.endpoint.faults.failCall({ call: 's3:DeleteObjects', code: 'AccessDenied', message: 'no', times: 99 });
    await expect(rig.destroy(stack, { empty: true })).rejects.toMatchObject({ code: 'aws-forbidden' });
    expect(rig.ids('AWS::S3::Bucket')).toHaveLength(1);
  });
});

test('contents of a bucket in words', () => {
  const none = { objects: 0, versions: 0, deleteMarkers: 0, uploads: 0, bytes: 0, isMore: false };
  expect(describeBucket(none)).toBe('');
  expect(describeBucket({ ...none, deleteMarkers: 1 })).toBe('1 delete marker');
  expect(describeBucket({ ...none, objects: 50_000, versions: 50_000, bytes: 5 * 1024 ** 3, isMore: true })).toBe(
    'more than 50000 objects, 5 GiB',
  );
});

test('sizes for people', () => {
  expect([0, 1023, 1024, 1_300_000, 3 * 1024 ** 6].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1 KiB',
    '1.2 MiB',
    '3072 PiB',
  ]);
});
