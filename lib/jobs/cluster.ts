import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../aws-api/connection.ts';
import { ATTEMPTS } from '../aws-api/session.ts';
import { type QueuePlace, readClusterParts } from '../aws-api/worker-parameter.ts';
import { clusterTooOld, noSuchQueue } from './errors.ts';

/** Where a deployed cluster has what: as its workers are told. */
export interface ClusterPlaces {
  /** `acme-prod` */
  readonly cluster: string;
  readonly queues: readonly QueuePlace[];
  readonly table: string;
  readonly bucket: string;
  readonly resultsPrefix: string;
}

/** How a cluster is reached. */
export interface ClusterConnection extends Pick<AwsConnection, 'region' | 'credentials'> {
  /** URL that answers for all of AWS. @default - AWS's own, or what AWS_ENDPOINT_URL says */
  readonly endpoint?: string;
}

/** The queue that a cluster has where its configuration names none. */
const USUAL_QUEUE = 'jobs';

/**
 * Reads the parameter that the cluster's workers read. What it lacks, an environment's configuration does not know either: names of the
 * bucket and the tables are CloudFormation's.
 * @param name `acme-prod`
 * @throws TandemError `cluster-missing`, `cluster-unreadable`, `cluster-too-old`, `aws-…`
 */
export async function placesOf(
  connection: ClusterConnection,
  environment: string,
  name: string,
): Promise<ClusterPlaces> {
  const client = new SSMClient({ ...connection, maxAttempts: ATTEMPTS });
  try {
    const { queues, jobs } = await readClusterParts(client, name, environment);
    if (jobs === undefined) throw clusterTooOld(environment);
    return { cluster: name, queues, ...jobs };
  } finally {
    client.destroy();
  }
}

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
