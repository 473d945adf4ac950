import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { jsonIn } from '../text/json.ts';
import { readFailure, toAwsError } from './aws-error.ts';
import { clusterMissing, clusterUnreadable } from './errors.ts';

/** What of a cluster's worker configuration its operators need: it names all that the cluster is made of. */
export interface ClusterParts {
  /** `acme-prod` */
  readonly name: string;
  /** Name of the Auto Scaling group. */
  readonly group: string;
  readonly heartbeatsTable: string;
  readonly lostAfterSeconds: number;
  /** Version of the program, as agents tell it too; undefined of a cluster that was deployed before they did. */
  readonly program: string | undefined;
  /** Highest priority first. */
  readonly queues: readonly QueuePlace[];
  /** Namespace of what agents measure; undefined of a cluster that was deployed before they did. */
  readonly metrics: string | undefined;
  /** Where jobs and results are; undefined of a cluster that was deployed by an earlier version. */
  readonly jobs: { readonly table: string; readonly bucket: string; readonly resultsPrefix: string } | undefined;
}

export interface QueuePlace {
  readonly name: string;
  readonly url: string;
  readonly priority: number;
  /** How long a job may run, in seconds; undefined of a cluster that was deployed by an earlier version. */
  readonly timeoutSeconds?: number | undefined;
}

const common = {
  cluster: z.string(),
  group: z.string(),
  heartbeats: z.object({ table: z.string(), lostAfterSeconds: z.number().default(45) }),
};

/** Fields are added to the format now and then, and are no matter here. */
const schema = z.union([
  z.object({
    ...common,
    format: z.literal('tandem.worker/2'),
    program: z.object({ kind: z.string(), version: z.string().optional() }),
    queues: z
      .array(
        z.object({
          ...{ name: z.string(), url: z.string() },
          ...{ priority: z.number().default(1), timeoutSeconds: z.number().optional() },
        }),
      )
      .min(1),
    metrics: z.object({ namespace: z.string() }).optional(),
    bucket: z.string(),
    resultsPrefix: z.string(),
    jobs: z.object({ table: z.string() }),
  }),
  /** Of a cluster that was deployed by an earlier version. */
  z.object({ ...common, format: z.literal('tandem.worker/1'), queueUrl: z.string() }),
]);

/**
 * Reads the parameter from which the workers of a cluster know what they do.
 * @param name - Of the cluster: `acme-prod`
 * @throws TandemError `cluster-missing`, `cluster-unreadable`, `aws-…`
 */
export async function readClusterParts(ssm: SSMClient, name: string, environment: string): Promise<ClusterParts> {
  const parameter = `/tandem/${name}/worker`;
  let text: string;
  try {
    text = (await ssm.send(new GetParameterCommand({ Name: parameter }))).Parameter?.Value ?? '';
  } catch (error) {
    if (readFailure(error).name === 'ParameterNotFound') throw clusterMissing(environment, parameter);
    throw toAwsError('ssm:GetParameter', error);
  }
  const parts = parseClusterParts(text);
  if (parts === undefined) throw clusterUnreadable(environment, parameter);
  return parts;
}

/** How long the longest job may run, in seconds; undefined where the cluster does not say. */
export function jobTimeoutOf({ queues }: Pick<ClusterParts, 'queues'>): number | undefined {
  const known = queues.flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}

export function parseClusterParts(text: string): ClusterParts | undefined {
  const parsed = schema.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  const { cluster: name, group, heartbeats } = parsed.data;
  const shared = { name, group, heartbeatsTable: heartbeats.table, lostAfterSeconds: heartbeats.lostAfterSeconds };
  if (parsed.data.format === 'tandem.worker/1')
    return {
      ...shared,
      program: undefined,
      queues: [{ name: 'jobs', url: parsed.data.queueUrl, priority: 1 }],
      ...{ metrics: undefined, jobs: undefined },
    };
  const { program, queues, metrics, bucket, resultsPrefix, jobs } = parsed.data;
  return {
    ...shared,
    program: program.version,
    queues: queues.toSorted((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1)),
    metrics: metrics?.namespace,
    jobs: { table: jobs.table, bucket, resultsPrefix },
  };
}
