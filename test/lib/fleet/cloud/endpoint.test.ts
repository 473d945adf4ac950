import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import { labEnvironment } from '../../../../lab/aws/index.ts';
import { modelOf } from '../../../../lab/aws/model/model.ts';
import { commandStore, unreachable } from '../../../../lab/aws/ssm/command-store.ts';
import { fleetClients } from '../../../../lib/aws-api/fleet-clients.ts';
import type { WorkerCommand } from '../../../../lib/fleet/cloud.ts';
import { awsCloud } from '../../../../lib/fleet/look/aws-cloud.ts';
import { ACCOUNT, GROUP, REGION, testCluster } from '../look/cluster.ts';
import { cloudContract } from './contract.ts';
import { controlsOf } from './model-bench.ts';

const SERVICES: Readonly<Record<string, string>> = {
  SendCommand: 'ssm',
  RebootInstances: 'ec2',
  CreateReplaceRootVolumeTask: 'ec2',
  TerminateInstances: 'ec2',
};

cloudContract('the adapter at the endpoint', async () => {
  const cluster = await testCluster(5, { limits: { enforced: false } }, { minimum: 2, maximum: 12 });
  const { lab, clock, parts } = cluster;
  const { endpoint, config } = lab;
  const realm = endpoint.state.realm(ACCOUNT, REGION);
  for (const [name, value] of Object.entries(labEnvironment(endpoint.url, ACCOUNT, REGION))) vi.stubEnv(name, value);
  const clients = fleetClients({ region: REGION, credentials: async () => config.credentials });
  const QueueUrl = parts.queues[0]?.url;
  return {
    ...controlsOf(GROUP, () => modelOf(realm)),
    cloud: awsCloud({ clients, parts, environment: 'prod', now: () => clock.now() }),
    ...{ minimum: 2, maximum: 12, now: () => clock.now(), advance: (milliseconds) => clock.advance(milliseconds) },
    async settle() {
      await clock.advance(600_000);
      await cluster.beat(await cluster.ids());
    },
    beat: (id, heartbeat) => cluster.say(id, heartbeat),
    fault: ({ api, ...fault }) =>
      endpoint.faults.failCall({ call: `${SERVICES[api] ?? 'autoscaling'}:${api}`, ...fault }),
    reach(id, reachable) {
      if (reachable) unreachable(realm).delete(id);
      else unreachable(realm).add(id);
    },
    commands: (id) =>
      [...commandStore(realm).values()]
        .filter(({ instances }) => instances.includes(id))
        .map(({ comment }) => /^tandem: (\S+)/.exec(comment)?.[1] as WorkerCommand),
    async send(jobs) {
      const Entries = Array.from({ length: jobs }, (_, index) => ({ Id: `m${index}`, MessageBody: '{"id":"a"}' }));
      await new SQSClient(config).send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
    async worked(seconds) {
      const Values = seconds.map((each) => each * 1000);
      await new CloudWatchClient(config).send(
        new PutMetricDataCommand({
          Namespace: parts.metrics,
          MetricData: [{ MetricName: 'JobDuration', Unit: 'Milliseconds', Values, Counts: Values.map(() => 1) }],
        }),
      );
    },
    async close() {
      vi.unstubAllEnvs();
      clients.close();
      await endpoint.close();
    },
  };
});
