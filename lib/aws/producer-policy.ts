import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { DOCUMENTS_PREFIX, JOBS_PREFIX, RESULTS_PREFIX } from './results-bucket.ts';
import type { WorkerResources } from './worker-config.ts';

export interface ProducerPolicyProps extends Omit<WorkerResources, 'fleet'> {
  readonly name: string;
  readonly dataKey: IKey;
  /** Name of the SSM parameter that says where everything is. */
  readonly parameterName: string;
}

/**
 * The managed policy `<name>-producer` for whoever sends jobs, to attach to their role: it sends jobs and documents, reads what became of them, and fetches
 * results. It takes no job, writes no result and sees no dead letter.
 */
export class ProducerPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: ProducerPolicyProps) {
    super(scope, id);
    const { bucket } = props.results;
    const { table } = props.jobs;
    const stack = Stack.of(this);
    const below = (...prefixes: readonly string[]) => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `${props.name}-producer`,
      description: `Send jobs to ${props.name}, and fetch results`,
      statements: [
        new PolicyStatement({
          sid: 'FindCluster',
          actions: ['ssm:GetParameter'],
          resources: [
            stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: props.parameterName.slice(1) }),
          ],
        }),
        new PolicyStatement({
          sid: 'SendJobs',
          actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
          resources: [...props.queues.values()].map(({ jobs }) => jobs.queueArn),
        }),
        new PolicyStatement({
          sid: 'SendDocuments',
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: below(JOBS_PREFIX, DOCUMENTS_PREFIX),
        }),
        new PolicyStatement({
          sid: 'FetchResults',
          actions: ['s3:GetObject'],
          resources: below(JOBS_PREFIX, DOCUMENTS_PREFIX, RESULTS_PREFIX),
        }),
        new PolicyStatement({
          sid: 'ListDocumentsAndResults',
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': [`${DOCUMENTS_PREFIX}*`, `${RESULTS_PREFIX}*`] } },
        }),
        new PolicyStatement({
          sid: 'JobRecords',
          actions: [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
            'dynamodb:Query',
          ],
          resources: [table.tableArn, `${table.tableArn}/index/*`],
        }),
        new PolicyStatement({
          sid: 'UseDataKey',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [props.dataKey.keyArn],
          conditions: {
            StringEquals: {
              'kms:ViaService': ['sqs', 's3', 'dynamodb'].map((service) => `${service}.${stack.region}.amazonaws.com`),
            },
          },
        }),
      ],
    });
  }
}
