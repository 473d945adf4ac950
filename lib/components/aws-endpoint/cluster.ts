import { HEARTBEATS, metricNamespace } from '../../aws/worker-names.ts';
import { workerNode } from '../../aws/worker-node.ts';
import type { TierInputs } from '../../bring-up/component.ts';
import { bare, jsonOf, peers, SELF, value } from '../../bring-up/template.ts';
import { ACCOUNT, AWS_PORT, type AwsEndpointSettings, parameterOf } from './settings.ts';

const QUEUE = 'jobs';
const AGENT_KEY = 'worker-agent.mjs';
const HOOKS = { launching: 'first-heartbeat', terminating: 'drain' };

/** Where the agent is on the server, for the bucket. */
export const AGENT_FILE = '/var/lib/tandem-aws/worker-agent.mjs';

/** A value that is no text where it is filled in. */
const bareValue = (name: string): string => bare(value(name));

/**
 * What the endpoint has from its start (`tandem.lab-cluster/1`, `lab/aws/cluster.ts`). The worker configuration in it has every field
 * that `lib/aws/worker-config.ts` writes for a cluster in AWS.
 */
export function clusterFile({ environment, settings }: TierInputs<AwsEndpointSettings>): string {
  const [results, assets] = [`${environment}-results`, `${environment}-assets`];
  const [jobs, heartbeats] = [`${environment}-jobs`, `${environment}-heartbeats`];
  const worker = {
    format: 'tandem.worker/2',
    cluster: environment,
    region: settings.region,
    agent: { version: value('agent-version'), bucket: assets, key: AGENT_KEY, sha256: value('agent-sha256') },
    node: workerNode('x86_64'),
    program: { kind: 'command', command: bareValue('command'), version: 'image' },
    slots: bareValue('jobs-per-worker'),
    queues: [
      {
        name: QUEUE,
        url: `http://${SELF.address}:${AWS_PORT}/${ACCOUNT}/${QUEUE}`,
        priority: 1,
        visibilityTimeoutSeconds: bareValue('visibility-timeout-seconds'),
        timeoutSeconds: bareValue('timeout-seconds'),
        maximumReceives: bareValue('maximum-receives'),
      },
    ],
    bucket: results,
    documentsPrefix: 'documents/',
    resultsPrefix: 'results/',
    jobs: { table: jobs },
    heartbeats: { table: heartbeats, ...HEARTBEATS },
    metrics: { namespace: metricNamespace(environment) },
    group: `${environment}-workers`,
    hooks: { ...HOOKS, terminatingHeartbeatSeconds: 300 },
  };
  const cluster = {
    format: 'tandem.lab-cluster/1',
    account: ACCOUNT,
    region: settings.region,
    group: worker.group,
    hooks: HOOKS,
    queues: [
      {
        name: QUEUE,
        deadLetters: `${QUEUE}-dead-letters`,
        visibilitySeconds: bareValue('visibility-timeout-seconds'),
        maximumReceives: bareValue('maximum-receives'),
      },
    ],
    buckets: [results, assets],
    tables: { jobs, heartbeats },
    objects: [{ bucket: assets, key: AGENT_KEY, file: AGENT_FILE }],
    parameters: { [parameterOf(environment)]: worker },
    workers: bare(`[${peers(settings.workers.tier, { item: '"{address}"' })}]`),
  };
  return jsonOf(cluster, 1);
}
