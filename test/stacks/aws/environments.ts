import { App, type AppProps } from 'aws-cdk-lib';
import { linkZones } from '../../../lib/config/link/zones.ts';
import { environmentSchema } from '../../../lib/config/schema/environment.ts';
import { linkSchema } from '../../../lib/config/schema/link.ts';
import { organisationSchema } from '../../../lib/config/schema/organisation.ts';
import { APP_CONTEXT } from '../../../lib/engines/cloudformation/app.ts';
import type { ClusterInputs } from '../../../stacks/aws/cluster-inputs.ts';
import { ClusterStack } from '../../../stacks/aws/cluster-stack.ts';
import type { LinkInputs } from '../../../stacks/aws/link-inputs.ts';
import { LinkStack } from '../../../stacks/aws/link-stack.ts';
import { NetworkStack } from '../../../stacks/aws/network-stack.ts';
import type { EnvironmentInputs } from '../../../stacks/aws/tandem-aws-stack.ts';
import { outputFolder } from '../folders.ts';

const organisation = {
  kind: 'organisation',
  name: 'tandem',
  value: organisationSchema.parse({
    organisation: { name: 'acme', contact: 'cloud@acme.example.org' },
    defaultCloud: 'paris',
  }),
} as const;

const endpoints = ['s3', 'dynamodb', 'sqs', 'ssm', 'ssmmessages', 'logs', 'kms', 'autoscaling', 'monitoring'];

/** Nothing but what has no default. */
const least = {
  aws: { account: '111122223333', region: 'eu-west-3', role: 'deploy', zones: ['a', 'b', 'c'] },
  cluster: {
    network: { cidr: '10.0.0.0/21', endpoints },
    instances: { types: ['c7g.large'], architecture: 'arm64', imageParameter: '/images/worker' },
    capacity: { minimum: 0, maximum: 10 },
    worker: { command: ['/bin/true'] },
    scaling: { backlogPerInstance: 10 },
    budget: { monthlyUsd: 100 },
  },
};

/** Every choice that adds something. */
const most = {
  ...least,
  tags: { costcentre: 'c-17' },
  cluster: {
    ...least.cluster,
    network: {
      ...least.cluster.network,
      egress: 'transit',
      transitGateway: 'tgw-0123456789abcdef0',
      endpoints: [...endpoints, 'ec2', 'ec2messages', 'secretsmanager'],
      ipv6: true,
    },
    instances: { ...least.cluster.instances, types: ['c7g.large', 'c6g.large'], maximumLifetimeDays: 14 },
    capacity: {
      ...least.cluster.capacity,
      onDemandBase: 1,
      spotSharePercent: 50,
      warmPool: { minimum: 2, preparedCapacity: 4 },
    },
    scaling: {
      backlogPerInstance: 10,
      scaler: { waitSeconds: 60 },
      schedules: { workday: { recurrence: '0 6 * * 1-5', timeZone: 'Europe/Paris', minimum: 1, maximum: 9 } },
    },
    alarms: { email: ['night@acme.example.org'] },
  },
};

const nat = {
  ...least,
  cluster: { ...least.cluster, network: { ...least.cluster.network, egress: 'nat', ipv6: true } },
};

export const environments = { least, most, nat };

export function inputsOf(name: keyof typeof environments): EnvironmentInputs {
  return {
    organisation,
    environment: { kind: 'environment', name, value: environmentSchema.parse(environments[name]) },
  };
}

const LINK = {
  ...{ cloud: 'paris', network: '10.9.0.0/28', tunnels: { inside: '169.254.10.0/28' } },
  gateways: { image: 'debian-12', flavor: 'small', zones: ['rack-a', 'rack-b'] },
};

const DNS = {
  ...{ zone: 'paris.acme.example.org', email: 'cloud@acme.example.org' },
  ...{ ttlSeconds: 300, nameServers: ['10.2.0.53'] },
};

/** Links of each: all by the VPC's gateway, or by a transit gateway. */
const links: Readonly<Record<keyof typeof environments, object>> = {
  least: { ...LINK, names: { zone: 'least.aws.acme.example.org' }, discovery: {} },
  most: {
    ...{ ...LINK, names: { zone: 'most.aws.acme.example.org' } },
    discovery: { servers: 5, instanceType: 't4g.small' },
    aws: { gateway: 'transit', acceleration: true },
    tunnels: { ...LINK.tunnels, dpdTimeoutSeconds: 60, lifecycleControl: false, logsDays: 14 },
  },
  nat: { ...LINK, asn: 4_200_000_001 },
};

export function linkInputsOf(name: keyof typeof environments, changed: object = {}): LinkInputs {
  const value = linkSchema.parse({ ...links[name], ...changed, environment: name });
  const link = { kind: 'link' as const, name: 'main', value };
  return { ...inputsOf(name), link, zones: linkZones(link, { dns: DNS }) };
}

/** With the link of each: where that has discovery, workers are agents. */
export function clusterInputsOf(name: keyof typeof environments): ClusterInputs {
  return { ...inputsOf(name), link: linkInputsOf(name).link };
}

/** An App with the flags of the real one. */
export function appWith(props: AppProps): App {
  return new App({ postCliContext: APP_CONTEXT, analyticsReporting: false, ...props });
}

/** The stacks of an environment, its link's among them, in an App without the slow validation. */
export function stacksOfEnvironment(name: keyof typeof environments, link: LinkInputs = linkInputsOf(name)) {
  const app = appWith({ outdir: outputFolder(), builtinCloudFormationValidation: false });
  const inputs = inputsOf(name);
  return [new NetworkStack(app, inputs), new ClusterStack(app, clusterInputsOf(name)), new LinkStack(app, link)];
}
