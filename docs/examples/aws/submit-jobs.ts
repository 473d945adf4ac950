/**
 * How an application sends jobs by itself: with the AWS SDK, and the managed policy `<organisation>-<environment>-producer` attached to its role.
 * Agents make the jobs' records when they take them; a result is written once, however often a job is sent.
 */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

export interface Job {
  /** Letters, digits, `.`, `_`, `-`; 128 at most. Names the result: the same id is the same job. */
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Cluster {
  readonly queues: readonly { readonly name: string; readonly url: string }[];
  readonly bucket: string;
}

/** What the cluster says of itself. @param name `acme-prod` */
async function clusterOf(name: string): Promise<Cluster> {
  const ssm = new SSMClient({});
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/tandem/${name}/worker` }));
  return JSON.parse(Parameter?.Value ?? '{}') as Cluster;
}

/** Sends jobs in batches of ten, each of 1 MiB at most. @throws Error with the ids that SQS refused: send those again */
export async function sendJobs(cluster: string, queue: string, jobs: readonly Job[]): Promise<void> {
  const sqs = new SQSClient({});
  const { queues } = await clusterOf(cluster);
  const QueueUrl = queues.find(({ name }) => name === queue)?.url;
  const refused: string[] = [];
  for (let from = 0; from < jobs.length; from += 10) {
    const batch = jobs.slice(from, from + 10);
    const Entries = batch.map((job, index) => ({ Id: String(index), MessageBody: JSON.stringify(job) }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    refused.push(...Failed.map(({ Id }) => batch[Number(Id)]?.id ?? ''));
  }
  if (refused.length > 0) throw new Error(`not sent: ${refused.join(', ')}`);
}

/** The result of a job; undefined while there is none. */
export async function resultOf(cluster: string, id: string): Promise<Uint8Array | undefined> {
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  try {
    const { bucket: Bucket } = await clusterOf(cluster);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `results/${id}` }));
    return await Body?.transformToByteArray();
  } catch (error) {
    // Who may list `results/` alone is told 403 of what is not there.
    if (error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'AccessDenied')) return undefined;
    throw error;
  }
}
