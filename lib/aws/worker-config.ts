import { Stack } from 'aws-cdk-lib';
import type { AnalysisClusterProps } from './analysis-cluster-props.ts';
import { type HardenedFleet, LAUNCHING_HOOK, TERMINATING_HOOK } from './hardened-fleet.ts';
import type { HeartbeatsTable } from './heartbeats-table.ts';
import type { JobQueue } from './job-queue.ts';
import { DOCUMENTS_PREFIX, RESULTS_PREFIX, type ResultsBucket } from './results-bucket.ts';

/** What a worker works with. */
export interface WorkerResources {
  readonly queue: JobQueue;
  readonly results: ResultsBucket;
  readonly heartbeats: HeartbeatsTable;
  readonly fleet: HardenedFleet;
}

/**
 * What a worker reads at each start: where its jobs come from, what does them, which agent it is. A contract between the cluster
 * and the agent; `format` names its version. Fields may be added, never changed in meaning.
 */
export function workerConfig(
  { queue, results, heartbeats, fleet }: WorkerResources,
  { name, worker, ...props }: AnalysisClusterProps,
) {
  return {
    format: 'tandem.worker/1',
    cluster: name,
    region: Stack.of(fleet).region,
    agent: { version: worker.agent.version, bucket: worker.agent.bucket.bucketName, key: worker.agent.objectKey },
    command: worker.command,
    timeoutSeconds: worker.timeoutSeconds ?? 3600,
    queueUrl: queue.jobs.queueUrl,
    visibilityTimeoutSeconds: props.queue?.visibilityTimeoutSeconds ?? 300,
    bucket: results.bucket.bucketName,
    documentsPrefix: DOCUMENTS_PREFIX,
    resultsPrefix: RESULTS_PREFIX,
    heartbeats: { table: heartbeats.table.tableName, everySeconds: 15, lostAfterSeconds: 45 },
    group: fleet.name,
    hooks: {
      launching: LAUNCHING_HOOK,
      terminating: TERMINATING_HOOK,
      terminatingHeartbeatSeconds: props.fleet.drainHeartbeatSeconds ?? 300,
    },
  };
}
