import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labCredentials } from '../../../lab/aws/credentials.ts';
import { createTable } from '../../../lab/aws/dynamodb/tables.ts';
import { type Bucket, currentObject, newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../../../lab/aws/server.ts';
import type { Queue } from '../../../lab/aws/sqs/queue.ts';
import { createQueue } from '../../../lab/aws/sqs/store.ts';
import { putParameter } from '../../../lab/aws/ssm/store.ts';
import type { Realm } from '../../../lab/aws/world.ts';
import { type ClusterJobs, openJobs } from '../../../lib/jobs/open.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-3';

/** What the stack of a cluster makes, as far as jobs need it, on an endpoint inside this process; and the real clients on it. */
export interface LabJobs {
  readonly endpoint: AwsEndpoint;
  readonly realm: Realm;
  readonly cluster: ClusterJobs;
  readonly jobs: Queue;
  readonly urgent: Queue;
  readonly deadLetters: Queue;
  readonly bucket: Bucket;
  /** Empty, for inputs and outputs. */
  readonly folder: string;
  /** The result of a job, as an agent writes it. */
  putResult(id: string, content: string | Buffer): void;
  /** An object's text. */
  object(key: string): string | undefined;
  close(): Promise<void>;
}

export async function labJobs(options: AwsEndpointOptions = {}): Promise<LabJobs> {
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 0, ...options });
  const realm = endpoint.state.realm(ACCOUNT, REGION);
  const deadLetters = createQueue(realm, 'lab-dead-letters', {});
  const queue = (name: string, target: Queue) =>
    createQueue(realm, name, {
      VisibilityTimeout: '3',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: target.arn, maxReceiveCount: 1 }),
    });
  const jobs = queue('lab-jobs', deadLetters);
  const urgent = queue('lab-urgent', createQueue(realm, 'lab-urgent-dead-letters', {}));
  const bucket = newBucket(endpoint.state, 'lab-results', ACCOUNT, REGION);
  await createTable(realm, 'lab-jobs', {
    AttributeDefinitions: ['id', 'state', 'submittedAt'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'submittedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['queue', 'submittedBy', 'at', 'instanceId', 'receives', 'reason', 'size', 'expiresAt'],
        },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  const places = {
    format: 'tandem.worker/2',
    ...{ cluster: 'acme-prod', group: 'acme-prod-workers', program: { kind: 'command' } },
    queues: [
      { name: 'jobs', url: jobs.url, priority: 1 },
      { name: 'urgent', url: urgent.url, priority: 2 },
    ],
    bucket: bucket.name,
    resultsPrefix: 'results/',
    jobs: { table: 'lab-jobs' },
    heartbeats: { table: 'lab-heartbeats' },
  };
  putParameter(realm, '/tandem/acme-prod/worker', JSON.stringify(places), 'String');
  process.env['AWS_ENDPOINT_URL'] = endpoint.url;
  const { accessKeyId, secretAccessKey } = labCredentials(ACCOUNT);
  const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey });
  const cluster = await openJobs({ region: REGION, credentials }, 'prod', 'acme-prod');
  const folder = mkdtempSync(join(tmpdir(), 'tandem-jobs-test-'));
  return {
    ...{ endpoint, realm, cluster, jobs, urgent, deadLetters, bucket, folder },
    putResult: (id, content) => {
      putObject(endpoint.state, bucket, { key: `results/${id}`, body: Buffer.from(content) });
    },
    object: (key) => currentObject(bucket, key)?.body.toString('utf8'),
    async close() {
      cluster.close();
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes all that a queue has. */
export function taken(queue: Queue): string[] {
  const bodies = queue.receive(10_000, 3, () => false).map(({ body }) => body);
  queue.purge();
  return bodies;
}
