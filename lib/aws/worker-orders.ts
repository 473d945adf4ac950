import type { AnalysisClusterProps } from './analysis-cluster-props.ts';
import { LAUNCHING_HOOK, TERMINATING_HOOK } from './hardened-fleet.ts';
import { DOCUMENTS_PREFIX, RESULTS_PREFIX } from './results-bucket.ts';

/** Where a worker finds things. */
export interface WorkerPlaces {
  readonly region: string;
  readonly queueUrl: string;
  readonly bucketName: string;
  readonly heartbeatsTableName: string;
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
}

/**
 * What a worker reads at each start: where its jobs come from, what does them, which agent it is. A contract between the cluster
 * and the agent; `format` names its version. Fields may be added, never changed in meaning.
 */
export function workerOrders(places: WorkerPlaces, { name, worker, fleet, queue }: AnalysisClusterProps) {
  return {
    format: 'tandem.worker/1',
    cluster: name,
    region: places.region,
    agent: { version: worker.agent.version, bucket: worker.agent.bucketName, key: worker.agent.objectKey },
    command: worker.command,
    timeoutSeconds: worker.timeoutSeconds ?? 3600,
    queueUrl: places.queueUrl,
    visibilityTimeoutSeconds: queue?.visibilityTimeoutSeconds ?? 300,
    bucket: places.bucketName,
    documentsPrefix: DOCUMENTS_PREFIX,
    resultsPrefix: RESULTS_PREFIX,
    heartbeats: { table: places.heartbeatsTableName, everySeconds: 15, lostAfterSeconds: 45 },
    group: places.groupName,
    hooks: {
      launching: LAUNCHING_HOOK,
      terminating: TERMINATING_HOOK,
      terminatingHeartbeatSeconds: fleet.drainHeartbeatSeconds ?? 300,
    },
  };
}
