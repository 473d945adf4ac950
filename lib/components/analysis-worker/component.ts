import { z } from 'zod';
import { workerFiles } from '../../aws/worker-bootstrap.ts';
import { type ComponentFile, defineComponent, type Finding, type TierInputs } from '../../bring-up/component.ts';
import { peers, secret } from '../../bring-up/template.ts';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { text } from '../../config/schema/common.ts';
import { ACCESS_KEY_ID, AWS_PORT, METADATA_PORT, parameterOf } from '../aws-endpoint/settings.ts';
import { componentNotThere } from '../shared/findings.ts';
import { NODE, NODE_LINK } from '../shared/node.ts';

const settings = z.strictObject({
  endpoint: tierReference().describe('Tier that runs `aws-endpoint`.'),
  region: text(30).default('eu-west-3').describe('AWS Region, the one of the endpoint.'),
});

type WorkerSettings = z.output<typeof settings>;

/**
 * A worker of the production clusters: the files that `lib/aws` writes onto their instances, byte for byte, and the agent and the
 * program that these fetch. Added are only where AWS is, and with which key.
 */
export const analysisWorker = defineComponent<WorkerSettings>({
  name: 'analysis-worker',
  title: 'Analysis worker',
  description:
    'Takes jobs from the queue of the AWS endpoint, by the agent and the program of the production clusters.',
  version: 'as the endpoint says',
  home: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html',
  evidence:
    "The agent and the program of production did 40 jobs in a lease while one of two workers lost its power, none was lost, and a job gave the same bytes as in a cluster of production's rehearsal.",
  settings,
  install: {
    // The command line of AWS, which production's images have; Debian's is too old to read its endpoint from the environment.
    packages: ['awscli', 'curl', 'logrotate', 'python3'],
    artefacts: [NODE],
    users: ['tandem'],
    afterwards: `${NODE_LINK}
install -d -m 0755 /opt/tandem/jobs /opt/tandem/bin /var/log/tandem`,
  },
  ports: () => [],
  peers: ({ endpoint }) => [endpoint.tier],
  values: () => ({}),
  files,
  units: () => ['tandem-worker.service'],
  health: () => 'test -s /etc/tandem/worker.json && systemctl is-active --quiet tandem-worker.service',
  data: [],
  // Stopped, it does its jobs to their end: nothing is handed over.
  hooks: {},
  secrets: [{ name: 'secret-key', kind: 'password', of: 'aws-endpoint' }],
  check: findings,
});

function files({ environment, settings: { endpoint, region } }: TierInputs<WorkerSettings>): readonly ComponentFile[] {
  const own = workerFiles({ parameterName: parameterOf(environment), region });
  const at = (port: number): string => peers(endpoint.tier, { limit: 1, item: `http://{address}:${port}` });
  const environmentLines = [
    `AWS_ENDPOINT_URL=${at(AWS_PORT)}`,
    `AWS_EC2_METADATA_SERVICE_ENDPOINT=${at(METADATA_PORT)}`,
    `AWS_REGION=${region}`,
    `AWS_ACCESS_KEY_ID=${ACCESS_KEY_ID}`,
    `AWS_SECRET_ACCESS_KEY=${secret('secret-key')}`,
  ];
  return [
    ...own.map(({ path, content, isProgram }) => ({
      path,
      content: path === '/etc/tandem/worker.env' ? `${content}${environmentLines.join('\n')}\n` : content,
      ...(isProgram === true ? { mode: '0755' } : {}),
      ...(path === '/etc/tandem/worker.env' ? { mode: '0600' } : {}),
      ...(path.startsWith('/etc/logrotate.d/') ? { onChange: 'none' as const } : {}),
    })),
    { path: '/opt/tandem/bin/aws', content: AWS_COMMAND, mode: '0755', onChange: 'none' },
  ];
}

/** Before Debian's own in the unit's `PATH`. */
const AWS_COMMAND = `#!/bin/sh
exec /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"
`;

function findings({ settings: { endpoint, region }, runs }: TierInputs<WorkerSettings>): readonly Finding[] {
  const found = runs[endpoint.tier]?.['aws-endpoint'] as { readonly region: string } | undefined;
  if (found === undefined) return [componentNotThere(['endpoint', 'tier'], endpoint.tier, 'aws-endpoint')];
  if (found.region === region) return [];
  return [
    {
      at: ['settings', 'region'],
      code: 'other-region',
      message: `got "${region}"; the endpoint of tier ${endpoint.tier} says to be ${found.region}`,
      fix: `write ${found.region}`,
    },
  ];
}
