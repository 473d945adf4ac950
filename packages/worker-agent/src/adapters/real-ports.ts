import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../log.ts';
import type { LogSink, Metadata, Ports } from '../ports.ts';
import type { WorkerConfig } from '../worker-config.ts';
import { AutoScalingGroup } from './auto-scaling-group.ts';
import { CgroupCells, ownCgroup } from './cgroup-cells.ts';
import { ChildProcesses } from './child-process.ts';
import { clientOptions } from './client-options.ts';
import { CloudWatchLogs } from './cloudwatch-logs.ts';
import { CloudWatchMetrics } from './cloudwatch-metrics.ts';
import { credentials } from './credentials.ts';
import { DynamoJobs } from './dynamodb-jobs.ts';
import { DynamoTable } from './dynamodb-table.ts';
import { InstanceMetadata } from './imds.ts';
import { MarkedCells } from './marked-cells.ts';
import { S3Downloads } from './s3-downloads.ts';
import { S3Results } from './s3-results.ts';
import { SqsQueue } from './sqs-queue.ts';
import { systemClock } from './system-clock.ts';

/** What a machine reaches that has nothing but the names of its table and group. */
export type FleetPorts = Pick<Ports, 'clock' | 'random' | 'metadata' | 'table' | 'group' | 'metrics'>;

export interface FleetNames {
  readonly region: string;
  readonly table: string;
  readonly group: string;
  readonly namespace: string;
}

export function fleetPorts({ region, table, group, namespace }: FleetNames, env: NodeJS.ProcessEnv): FleetPorts {
  const clock = systemClock;
  const metadata = new InstanceMetadata(clock, env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
  const options = clientOptions(region, credentials(env, metadata));
  return {
    ...{ clock, random: Math.random, metadata },
    table: new DynamoTable(new DynamoDBClient(options), table, clock),
    group: new AutoScalingGroup(new AutoScalingClient(options), group),
    metrics: new CloudWatchMetrics(new CloudWatchClient(options), namespace),
  };
}

export function realPorts(config: WorkerConfig, env: NodeJS.ProcessEnv, log: Log): Ports {
  const { region, group, heartbeats, metrics, bucket } = config;
  const fleet = fleetPorts({ region, group, table: heartbeats.table, namespace: metrics.namespace }, env);
  const { clock, random, metadata } = fleet;
  const options = clientOptions(region, credentials(env, metadata));
  const sqs = new SQSClient(options);
  // By path: a name with dots has no certificate of its own, and a local endpoint no names at all.
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const queues = config.queues.map(({ name, url: queueUrl, visibilityTimeoutSeconds }) => {
    return [name, new SqsQueue({ client: sqs, queueUrl, visibilityTimeoutSeconds })] as const;
  });
  return {
    ...fleet,
    queues: new Map(queues),
    results: new S3Results({ client: s3, bucket, clock, random }),
    downloads: new S3Downloads(s3),
    states: new DynamoJobs(new DynamoDBClient(options), config.jobs.table, clock),
    processes: new ChildProcesses(env, cells(config, env, log)),
  };
}

export function logSink(
  { region, logs }: WorkerConfig,
  env: NodeJS.ProcessEnv,
  metadata: Metadata,
  stream: string,
): LogSink {
  const client = new CloudWatchLogsClient(clientOptions(region, credentials(env, metadata)));
  return new CloudWatchLogs(client, logs.group, stream);
}

/** Only where systemd has given the group away: elsewhere it may have other processes in it. */
function cells({ limits }: WorkerConfig, env: NodeJS.ProcessEnv, log: Log): CgroupCells | MarkedCells {
  const root = env['TANDEM_CGROUP'] === 'delegated' ? ownCgroup() : undefined;
  const taken = root === undefined ? undefined : CgroupCells.take(root);
  if (taken !== undefined) return taken;
  const isLimited = limits.memoryMiB !== undefined || limits.processes !== undefined;
  log(isLimited ? 'error' : 'info', 'jobs have no control group of their own: limits of a job do not hold', { root });
  return new MarkedCells();
}
