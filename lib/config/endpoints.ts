import type { Environment } from './schema/environment.ts';
import { type EndpointName, endpointNames } from './schema/environment-network.ts';
import { programOf } from './schema/environment-worker.ts';

type Cluster = Environment['cluster'];

/** Gateway endpoints: reached by routes, and free. */
export const GATEWAY_ENDPOINTS: ReadonlySet<EndpointName> = new Set(['s3', 'dynamodb']);

/**
 * What every worker calls: documents and results, heartbeats, jobs, its configuration and Run Command, logs, its hooks and its metrics. KMS is not
 * among them: S3, SQS and DynamoDB call it for the worker (`kms:ViaService`). Nor is `ec2messages`: the agent of Systems Manager uses
 * `ssmmessages` since version 3.3.40 (AWS: AWS Systems Manager, "Reference: ec2messages, ssmmessages, and other API operations").
 */
const OF_WORKERS: readonly EndpointName[] = [
  's3',
  'dynamodb',
  'sqs',
  'ssm',
  'ssmmessages',
  'logs',
  'autoscaling',
  'monitoring',
];

/** Endpoints by the service of an action of IAM, where the two have different names. */
const OF_SERVICES: Readonly<Record<string, readonly EndpointName[]>> = {
  cloudwatch: ['monitoring'],
  ecr: ['ecr.api', 'ecr.dkr'],
};

function isEndpoint(name: string): name is EndpointName {
  return (endpointNames as readonly string[]).includes(name);
}

/** Services that the jobs of a cluster may call besides, by the statements of its `iam`. */
export function extraServices({ iam }: Cluster): string[] {
  const allowed = iam.statements.filter(({ effect }) => effect === 'allow');
  return [...new Set(allowed.flatMap(({ actions }) => actions.map((action) => action.split(':')[0] ?? '')))].sort();
}

/** The endpoints by which a service is reached; none where Tandem makes none for it. */
export function endpointsOfService(service: string): readonly EndpointName[] {
  return OF_SERVICES[service] ?? (isEndpoint(service) ? [service] : []);
}

/** What the instances of a cluster call, in the order of the schema. */
export function usedEndpoints(cluster: Cluster): EndpointName[] {
  const used = new Set<EndpointName>([
    ...OF_WORKERS,
    ...(programOf(cluster.worker).kind === 'container' ? (['ecr.api', 'ecr.dkr'] as const) : []),
    ...extraServices(cluster).flatMap(endpointsOfService),
  ]);
  return endpointNames.filter((name) => used.has(name));
}

/** The endpoints of a network: those that are written, else what has no other way out; the gateways, which are free, in any case. */
export function endpointsOf(cluster: Cluster): readonly EndpointName[] {
  const { endpoints, egress } = cluster.network;
  if (endpoints !== undefined) return endpoints;
  return egress === 'none' ? usedEndpoints(cluster) : [...GATEWAY_ENDPOINTS];
}
