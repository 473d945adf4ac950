import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IamExtension } from '../config/schema/environment-iam.ts';
import { ecrImage, type WorkerProgram } from '../config/schema/environment-worker.ts';
import type { WorkerProps } from './analysis-cluster-props.ts';
import type { InstanceChoice } from './fleet-instances.ts';
import { DOCUMENTS_PREFIX, JOBS_PREFIX, RESULTS_PREFIX } from './results-bucket.ts';
import type { WorkerResources } from './worker-config.ts';
import { nodeArn } from './worker-node.ts';
import { programKey } from './worker-program.ts';

export interface WorkerPermissionsProps extends Omit<WorkerResources, 'fleet'> {
  readonly dataKey: IKey;
  readonly logGroup: CfnLogGroup;
  /** Name of the SSM parameter that holds the worker configuration. */
  readonly parameterName: string;
  readonly agent: WorkerProps['agent'];
  /** Of the instances. */
  readonly architecture: InstanceChoice['architecture'];
  readonly program: WorkerProgram;
  /** Name of the cluster. */
  readonly name: string;
  /** What jobs may do besides. */
  readonly extension: readonly IamExtension['statements'][number][];
  /** Namespace of the worker's own metrics. */
  readonly metricNamespace: string;
}

/**
 * What a worker may do, and no more: receive jobs and send them anew, read documents, write results but never delete, write heartbeats and what became
 * of a job.
 * The queue, not a worker, moves a message that keeps failing to the dead-letter queue.
 */
export function workerPermissions(props: WorkerPermissionsProps): PolicyStatement[] {
  const { dataKey, agent } = props;
  const { bucket } = props.results;
  const stack = Stack.of(dataKey);
  const parameter = { service: 'ssm', resource: 'parameter', resourceName: props.parameterName.slice(1) };
  return [
    new PolicyStatement({
      sid: 'TakeJobs',
      // A job that failed on this machine alone is sent anew, so that others try it before it is buried.
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      resources: [...props.queues.values()].map(({ jobs }) => jobs.queueArn),
    }),
    new PolicyStatement({
      sid: 'ReadDocumentsAndResults',
      actions: ['s3:GetObject'],
      resources: [JOBS_PREFIX, DOCUMENTS_PREFIX, RESULTS_PREFIX].map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    }),
    new PolicyStatement({
      sid: 'ListDocumentsAndResults',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${DOCUMENTS_PREFIX}*`, `${RESULTS_PREFIX}*`] } },
    }),
    new PolicyStatement({
      sid: 'WriteResults',
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [bucket.arnForObjects(`${RESULTS_PREFIX}*`)],
    }),
    new PolicyStatement({
      sid: 'FetchAgent',
      actions: ['s3:GetObject'],
      resources: [agent.bucket.arnForObjects(agent.objectKey), nodeArn(agent.bucket, props.architecture)],
    }),
    new PolicyStatement({
      sid: 'ReadWorkerConfig',
      actions: ['ssm:GetParameter'],
      resources: [stack.formatArn(parameter)],
    }),
    new PolicyStatement({
      sid: 'Heartbeat',
      // A worker that fails its jobs looks at its peers, to tell its own fault from everybody's.
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Scan'],
      resources: [props.heartbeats.table.tableArn],
    }),
    new PolicyStatement({
      sid: 'JobRecords',
      actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
      resources: [props.jobs.table.tableArn],
    }),
    new PolicyStatement({
      sid: 'UseDataKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [dataKey.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['sqs', 's3', 'dynamodb'].map((service) => `${service}.${stack.region}.amazonaws.com`),
        },
      },
    }),
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [props.logGroup.attrArn],
    }),
    new PolicyStatement({
      sid: 'OwnMetrics',
      actions: ['cloudwatch:PutMetricData'],
      // The call has no resource; the namespace is its only bound.
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': props.metricNamespace } },
    }),
    ...programPermissions(props),
    ...props.extension.map(
      ({ effect, actions, resources, conditions }) =>
        new PolicyStatement({
          effect: effect === 'deny' ? Effect.DENY : Effect.ALLOW,
          actions,
          resources,
          ...(conditions === undefined ? {} : { conditions }),
        }),
    ),
  ];
}

function programPermissions({ program, agent, name }: WorkerPermissionsProps): PolicyStatement[] {
  if (program.kind === 'archive')
    return [
      new PolicyStatement({
        sid: 'FetchProgram',
        actions: ['s3:GetObject'],
        resources: [agent.bucket.arnForObjects(programKey(name, program))],
      }),
    ];
  if (program.kind === 'command') return [];
  const { partition, account, region, repository } = ecrImage(program.image);
  return [
    new PolicyStatement({
      sid: 'PullImage',
      actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`],
    }),
    // The call has no resource.
    new PolicyStatement({ sid: 'SignInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}
