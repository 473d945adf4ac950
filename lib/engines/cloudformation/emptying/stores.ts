import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { calledUnless } from '../../../aws-api/aws-error.ts';
import type { AwsConnection } from '../../../aws-api/connection.ts';
import { ATTEMPTS } from '../../../aws-api/session.ts';
import { bytes } from '../../../text/bytes.ts';
import { counted } from '../../../text/plural.ts';
import { describeBucket, emptyBucket, lookInBucket } from './bucket.ts';

/** What is in a store of data. */
export interface Contents {
  /** `bucket acme-results`. */
  readonly name: string;
  readonly text: string;
  /** Whether it is people's work, and no bookkeeping. */
  readonly isWork: boolean;
  /** Size that is paid for; 0 where nothing is. */
  readonly bytes: number;
}

/** Data of an account's resources, by their physical ids. */
export interface Stores {
  /** What is in a resource; undefined where its type holds no data, where nothing is in it, or where it is gone. */
  look(type: string, physicalId: string): Promise<Contents | undefined>;
  /** Takes all out of a resource that cannot be deleted otherwise, telling how much is out so far; nothing to do for other types. */
  empty(type: string, physicalId: string, signal: AbortSignal): AsyncGenerator<number>;
  close(): void;
}

export function openStores({ region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>): Stores {
  const options = { region, credentials, maxAttempts: ATTEMPTS };
  // A rehearsal's endpoint has one host for all buckets.
  const s3 = new S3Client({ ...options, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const sqs = new SQSClient(options);
  const dynamodb = new DynamoDBClient(options);
  return {
    async look(type, physicalId) {
      if (type === 'AWS::S3::Bucket') {
        const found = await lookInBucket(s3, physicalId);
        const text = found === undefined ? '' : describeBucket(found);
        return text === '' ? undefined : { name: `bucket ${physicalId}`, text, isWork: true, bytes: found?.bytes ?? 0 };
      }
      if (type === 'AWS::SQS::Queue') return await lookInQueue(sqs, physicalId);
      return type === 'AWS::DynamoDB::Table' ? await lookInTable(dynamodb, physicalId) : undefined;
    },
    async *empty(type, physicalId, signal) {
      if (type === 'AWS::S3::Bucket') yield* emptyBucket(s3, physicalId, signal);
    },
    close() {
      for (const client of [s3, sqs, dynamodb]) client.destroy();
    },
  };
}

/** Counts that SQS calls approximate: within a minute of the last message they are exact. */
async function lookInQueue(sqs: SQSClient, QueueUrl: string): Promise<Contents | undefined> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const answer = await calledUnless('sqs:GetQueueAttributes', /QueueDoesNotExist|NonExistentQueue/, () =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] })),
  );
  const [waiting = 0, inFlight = 0, delayed = 0] = names.map((name) => Number(answer?.Attributes?.[name] ?? 0));
  const all = waiting + inFlight + delayed;
  if (all === 0) return undefined;
  const flying = inFlight === 0 ? '' : `, ${inFlight} of them in flight`;
  return {
    name: `queue ${QueueUrl.split('/').at(-1) ?? ''}`,
    text: `${counted(all, 'message')}${flying}`,
    isWork: true,
    bytes: 0,
  };
}

/** DynamoDB counts every six hours: API_TableDescription. */
async function lookInTable(dynamodb: DynamoDBClient, TableName: string): Promise<Contents | undefined> {
  const answer = await calledUnless('dynamodb:DescribeTable', /ResourceNotFound/, () =>
    dynamodb.send(new DescribeTableCommand({ TableName })),
  );
  const { ItemCount = 0, TableSizeBytes = 0 } = answer?.Table ?? {};
  if (ItemCount === 0) return undefined;
  const text = `about ${counted(ItemCount, 'item')}, ${bytes(TableSizeBytes)}`;
  return { name: `table ${TableName}`, text, isWork: false, bytes: TableSizeBytes };
}
