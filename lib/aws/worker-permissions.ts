import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DOCUMENTS_PREFIX, RESULTS_PREFIX } from './results-bucket.ts';

/** What a worker works with, by ARN. */
export interface WorkerResources {
  readonly jobsArn: string;
  readonly bucketArn: string;
  readonly heartbeatsArn: string;
  readonly dataKeyArn: string;
  readonly logGroupArn: string;
  readonly parameterArn: string;
  /** The one object that is the agent. */
  readonly agentArn: string;
  readonly region: string;
  /** Namespace of the worker's own metrics. */
  readonly metricNamespace: string;
}

/**
 * What a worker may do, and no more: take jobs but send none, read documents, write results but never delete, say that it lives.
 * A poison job is not sent to the dead-letter queue by a worker; the queue does that.
 */
export function workerPermissions(resources: WorkerResources): PolicyStatement[] {
  const { bucketArn } = resources;
  return [
    new PolicyStatement({
      sid: 'TakeJobs',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      resources: [resources.jobsArn],
    }),
    new PolicyStatement({
      sid: 'ReadDocumentsAndResults',
      actions: ['s3:GetObject'],
      resources: [`${bucketArn}/${DOCUMENTS_PREFIX}*`, `${bucketArn}/${RESULTS_PREFIX}*`],
    }),
    new PolicyStatement({
      sid: 'ListDocumentsAndResults',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${DOCUMENTS_PREFIX}*`, `${RESULTS_PREFIX}*`] } },
    }),
    new PolicyStatement({
      sid: 'WriteResults',
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${bucketArn}/${RESULTS_PREFIX}*`],
    }),
    new PolicyStatement({ sid: 'FetchAgent', actions: ['s3:GetObject'], resources: [resources.agentArn] }),
    new PolicyStatement({ sid: 'ReadOrders', actions: ['ssm:GetParameter'], resources: [resources.parameterArn] }),
    new PolicyStatement({
      sid: 'Heartbeat',
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:GetItem'],
      resources: [resources.heartbeatsArn],
    }),
    new PolicyStatement({
      sid: 'UseDataKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [resources.dataKeyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['sqs', 's3', 'dynamodb'].map((service) => `${service}.${resources.region}.amazonaws.com`),
        },
      },
    }),
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      resources: [resources.logGroupArn],
    }),
    new PolicyStatement({
      sid: 'OwnMetrics',
      actions: ['cloudwatch:PutMetricData'],
      // The call has no resource; the namespace is its only bound.
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': resources.metricNamespace } },
    }),
  ];
}
