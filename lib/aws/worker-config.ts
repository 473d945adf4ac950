import { Stack } from 'aws-cdk-lib';
import { breakerSchema } from '../config/schema/environment-worker.ts';
import type { AnalysisClusterProps } from './analysis-cluster-props.ts';
import { type HardenedFleet, LAUNCHING_HOOK, TERMINATING_HOOK } from './hardened-fleet.ts';
import type { HeartbeatsTable } from './heartbeats-table.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobsTable } from './jobs-table.ts';
import { DOCUMENTS_PREFIX, RESULTS_PREFIX, type ResultsBucket } from './results-bucket.ts';
import { HEARTBEATS, metricNamespace } from './worker-names.ts';
import { workerNode } from './worker-node.ts';
import { programConfig } from './worker-program.ts';

/** What a worker works with. */
export interface WorkerResources {
  /** By their names in the configuration. */
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly results: ResultsBucket;
  readonly jobs: JobsTable;
  readonly heartbeats: HeartbeatsTable;
  readonly fleet: HardenedFleet;
}

/**
 * What a worker reads at each start: where its jobs come from, what does them, which agent it is. A contract between the cluster
 * and the agent; `format` names its version. Fields may be added, never changed in meaning.
 */
export function workerConfig(
  { queues, results, jobs, heartbeats, fleet }: WorkerResources,
  { name, worker, ...props }: AnalysisClusterProps,
) {
  const { agent } = worker;
  return {
    format: 'tandem.worker/2',
    cluster: name,
    region: Stack.of(fleet).region,
    agent: { version: agent.version, bucket: agent.bucket.bucketName, key: agent.objectKey, sha256: agent.sha256 },
    node: workerNode(props.fleet.instances.architecture),
    program: programConfig(name, worker.program, agent.bucket),
    slots: worker.jobsPerInstance ?? 1,
    limits: {
      ...(worker.memoryMiBPerJob === undefined ? {} : { memoryMiB: worker.memoryMiBPerJob }),
      ...(worker.processesPerJob === undefined ? {} : { processes: worker.processesPerJob }),
    },
    breaker: worker.breaker ?? breakerSchema.parse({}),
    queues: [...queues].map(
      ([
        queue,
        {
          jobs: { queueUrl },
        },
      ]) => {
        const settings = props.queues?.[queue] ?? {};
        return {
          name: queue,
          url: queueUrl,
          priority: settings.priority ?? 1,
          visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds ?? 300,
          timeoutSeconds: settings.timeoutSeconds ?? worker.timeoutSeconds ?? 3600,
          maximumReceives: settings.maximumReceives ?? 5,
        };
      },
    ),
    bucket: results.bucket.bucketName,
    documentsPrefix: DOCUMENTS_PREFIX,
    resultsPrefix: RESULTS_PREFIX,
    jobs: { table: jobs.table.tableName },
    heartbeats: { table: heartbeats.table.tableName, ...HEARTBEATS },
    metrics: { namespace: metricNamespace(name) },
    group: fleet.name,
    hooks: {
      launching: LAUNCHING_HOOK,
      terminating: TERMINATING_HOOK,
      terminatingHeartbeatSeconds: props.fleet.drainHeartbeatSeconds ?? 300,
    },
  };
}
