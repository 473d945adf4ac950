import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ATTEMPTS } from '../aws-api/session.ts';
import { ClusterObjects } from './aws/objects.ts';
import { Queues } from './aws/queues.ts';
import { JobsTable } from './aws/table.ts';
import { type ClusterConnection, type ClusterPlaces, placesOf } from './cluster.ts';

/** The jobs of a deployed cluster: its table, its queues, its bucket. All state is there. */
export interface ClusterJobs {
  readonly environment: string;
  readonly places: ClusterPlaces;
  readonly table: JobsTable;
  readonly queues: Queues;
  readonly objects: ClusterObjects;
  close(): void;
}

/** @param name `acme-prod` @throws TandemError `cluster-missing`, `cluster-unreadable`, `cluster-too-old`, `aws-…` */
export async function openJobs(connection: ClusterConnection, environment: string, name: string): Promise<ClusterJobs> {
  const { endpoint } = connection;
  const places = await placesOf(connection, environment, name);
  const options = { ...connection, maxAttempts: ATTEMPTS };
  const dynamodb = new DynamoDBClient(options);
  // An endpoint's queues have URLs as its own network knows it, which is not the operator's.
  const sqs = new SQSClient({ ...options, ...(endpoint === undefined ? {} : { useQueueUrlAsEndpoint: false }) });
  // An endpoint has one host for all buckets.
  const isEndpoint = endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined;
  const s3 = new S3Client({ ...options, forcePathStyle: isEndpoint });
  return {
    environment,
    places,
    table: new JobsTable(dynamodb, places.table),
    queues: new Queues(sqs),
    objects: new ClusterObjects(s3, places.bucket),
    close() {
      for (const client of [dynamodb, sqs, s3]) client.destroy();
    },
  };
}
