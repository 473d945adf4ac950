import { defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { SELF } from '../../bring-up/template.ts';
import { componentNotThere } from '../shared/findings.ts';
import { NODE, NODE_LINK } from '../shared/node.ts';
import { awsEndpointFiles, DATA } from './files.ts';
import { AWS_PORT, type AwsEndpointSettings, awsEndpointSettings, METADATA_PORT } from './settings.ts';

/** What stands for AWS in a lease: queue, buckets, tables and the group of an analysis cluster. */
export const awsEndpoint = defineComponent<AwsEndpointSettings>({
  name: 'aws-endpoint',
  title: 'AWS endpoint',
  description:
    'Queue, buckets, tables and Auto Scaling group of an analysis cluster, so that its workers and `tandem job` run in a lease as they do in AWS. In memory: what waits and what was done is gone when it stops.',
  version: '0.1.0 (packages/lab-aws)',
  home: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/',
  evidence:
    "Workers of a lease did 40 jobs with it while one of two lost its power, none was lost, and a job gave the same bytes as in a cluster of production's rehearsal.",
  settings: awsEndpointSettings,
  install: {
    packages: ['ca-certificates', 'curl'],
    artefacts: [NODE],
    users: ['tandem-aws'],
    afterwards: NODE_LINK,
  },
  ports: () => [
    { name: 'aws', port: AWS_PORT, protocol: 'tcp', from: 'clients' },
    { name: 'metadata', port: METADATA_PORT, protocol: 'tcp', from: 'clients' },
  ],
  peers: ({ workers }) => [workers.tier],
  values: ({ settings }) => ({
    'program-url': settings.program.url,
    'program-sha256': settings.program.sha256,
    'agent-url': settings.agent.url,
    'agent-sha256': settings.agent.sha256,
    'agent-version': settings.agentVersion,
    command: JSON.stringify(settings.command),
    'timeout-seconds': settings.timeoutSeconds,
    'visibility-timeout-seconds': settings.visibilityTimeoutSeconds,
    'maximum-receives': settings.maximumReceives,
    'jobs-per-worker': settings.jobsPerWorker,
  }),
  files: awsEndpointFiles,
  units: () => ['tandem-aws.service'],
  health: () => `curl --fail --silent --output /dev/null --max-time 5 http://${SELF.address}:${AWS_PORT}/_lab/health`,
  data: [{ path: DATA, owner: 'tandem-aws:tandem-aws' }],
  hooks: {},
  secrets: [{ name: 'secret-key', kind: 'password' }],
  check: findings,
});

function findings({ count, settings, runs }: TierInputs<AwsEndpointSettings>): readonly Finding[] {
  const { tier } = settings.workers;
  const several: Finding = {
    at: ['count'],
    code: 'single-member',
    message: `got ${count}; each would be an AWS of its own, with a queue that the others do not know`,
    fix: 'use 1',
  };
  const isIdle = runs[tier]?.['analysis-worker'] === undefined;
  return [
    ...(count > 1 ? [several] : []),
    ...(isIdle ? [componentNotThere(['workers', 'tier'], tier, 'analysis-worker')] : []),
  ];
}
