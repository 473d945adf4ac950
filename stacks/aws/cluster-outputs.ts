import { CfnOutput } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AnalysisCluster } from '../../lib/aws/analysis-cluster.ts';
import { FIRST_QUEUE } from '../../lib/aws/queue-names.ts';

export interface ClusterOutputsProps {
  /** `acme-prod`. */
  readonly prefix: string;
  readonly cluster: AnalysisCluster;
}

type OutputName = 'BucketName' | 'HeartbeatsTableName' | 'JobsTableName' | 'FleetName' | 'ProducerPolicyArn';

/** What those who send jobs and fetch results need, as outputs and as SSM parameters `/tandem/<prefix>/cluster/…`. */
export class ClusterOutputs extends Construct {
  readonly parameters: Readonly<Record<OutputName, CfnParameter>>;
  /** Of each queue by its name: its URL, and that of its dead letters. */
  readonly queues: ReadonlyMap<string, readonly [CfnParameter, CfnParameter]>;

  constructor(scope: Construct, id: string, { prefix, cluster }: ClusterOutputsProps) {
    super(scope, id);
    const publish = (output: string, name: string, value: string) => {
      new CfnOutput(this, output, { value }).overrideLogicalId(output);
      return new CfnParameter(this, `${output}Parameter`, {
        name: `/tandem/${prefix}/cluster/${name}`,
        type: 'String',
        value,
      });
    };
    this.queues = new Map(
      [...cluster.queues].map(([queue, { jobs, deadLetters }]) => {
        // The first queue keeps the addresses that it had when it was the only one.
        const [word, path] =
          queue === FIRST_QUEUE ? ['', ''] : [queue.charAt(0).toUpperCase() + queue.slice(1), `${queue}-`];
        return [
          queue,
          [
            publish(`${queue === FIRST_QUEUE ? 'Jobs' : word}QueueUrl`, `${queue}-queue-url`, jobs.queueUrl),
            publish(`${word}DeadLettersQueueUrl`, `${path}dead-letters-queue-url`, deadLetters.queueUrl),
          ],
        ];
      }),
    );
    this.parameters = {
      BucketName: publish('BucketName', 'bucket-name', cluster.results.bucket.bucketName),
      HeartbeatsTableName: publish('HeartbeatsTableName', 'heartbeats-table-name', cluster.heartbeats.table.tableName),
      JobsTableName: publish('JobsTableName', 'jobs-table-name', cluster.jobs.table.tableName),
      FleetName: publish('FleetName', 'fleet-name', cluster.fleet.group.ref),
      ProducerPolicyArn: publish('ProducerPolicyArn', 'producer-policy-arn', cluster.producer.policy.managedPolicyArn),
    };
  }
}
