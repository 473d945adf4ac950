import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { readFailure, toAwsError } from '../aws-api/aws-error.ts';
import type { AwsConnection } from '../aws-api/connection.ts';
import { ATTEMPTS } from '../aws-api/session.ts';
import { clusterNotThere, clusterTooOld, noSuchQueue } from './errors.ts';

const clusterSchema = z.object({
  format: z.literal('tandem.worker/2'),
  cluster: z.string(),
  queues: z.array(z.object({ name: z.string(), url: z.string(), priority: z.number() })).min(1),
  bucket: z.string(),
  resultsPrefix: z.string(),
  jobs: z.object({ table: z.string() }),
  heartbeats: z.object({ table: z.string() }),
});

/** Where a deployed cluster has what: as its workers are told. */
export type ClusterPlaces = Pick<
  z.output<typeof clusterSchema>,
  'cluster' | 'queues' | 'bucket' | 'resultsPrefix' | 'jobs' | 'heartbeats'
>;

/** The queue that a cluster has where its configuration names none. */
const USUAL_QUEUE = 'jobs';

/**
 * Reads the parameter that the cluster's workers read. What it lacks, an environment's configuration does not know either: names of the
 * bucket and the tables are CloudFormation's.
 * @param name `acme-prod`
 * @throws TandemError `cluster-not-there`, `cluster-too-old`, `aws-…`
 */
export async function placesOf(
  { region, credentials }: Pick<AwsConnection, 'region' | 'credentials'>,
  environment: string,
  name: string,
): Promise<ClusterPlaces> {
  const parameter = `/tandem/${name}/worker`;
  const client = new SSMClient({ region, credentials, maxAttempts: ATTEMPTS });
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
    return parsePlaces(environment, parameter, Parameter?.Value ?? '');
  } catch (error) {
    if (readFailure(error).name === 'ParameterNotFound') throw clusterNotThere(environment, parameter);
    throw toAwsError('ssm:GetParameter', error);
  } finally {
    client.destroy();
  }
}

function parsePlaces(environment: string, parameter: string, text: string): ClusterPlaces {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw clusterTooOld(environment, parameter, 'is not JSON');
  }
  const read = clusterSchema.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw clusterTooOld(environment, parameter, `has another ${issue?.path.join('.') ?? 'form'}`);
}

export type QueuePlace = ClusterPlaces['queues'][number];

/** The queue of that name; where none is named, the one named `jobs`, or the only one. @throws TandemError `no-such-queue` */
export function queueOf({ queues }: ClusterPlaces, environment: string, name: string | undefined): QueuePlace {
  const found =
    name === undefined
      ? (queues.find((each) => each.name === USUAL_QUEUE) ?? (queues.length === 1 ? queues[0] : undefined))
      : queues.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw noSuchQueue(
    environment,
    name,
    queues.map((each) => each.name),
  );
}
