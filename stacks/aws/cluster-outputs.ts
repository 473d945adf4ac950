import { CfnOutput } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AnalysisCluster } from '../../lib/aws/analysis-cluster.ts';

export interface ClusterOutputsProps {
  /** `acme-prod`. */
  readonly prefix: string;
  readonly cluster: AnalysisCluster;
}

type OutputName = 'JobsQueueUrl' | 'DeadLettersQueueUrl' | 'BucketName' | 'HeartbeatsTableName' | 'FleetName';

/** What those who send jobs and fetch results need, as outputs and as SSM parameters `/tandem/<prefix>/cluster/…`. */
export class ClusterOutputs extends Construct {
  readonly parameters: Readonly<Record<OutputName, CfnParameter>>;

  constructor(scope: Construct, id: string, { prefix, cluster }: ClusterOutputsProps) {
    super(scope, id);
    const publish = (output: OutputName, name: string, value: string) => {
      new CfnOutput(this, output, { value }).overrideLogicalId(output);
      return new CfnParameter(this, `${output}Parameter`, {
        name: `/tandem/${prefix}/cluster/${name}`,
        type: 'String',
        value,
      });
    };
    const { jobs, deadLetters } = cluster.queue;
    this.parameters = {
      JobsQueueUrl: publish('JobsQueueUrl', 'jobs-queue-url', jobs.queueUrl),
      DeadLettersQueueUrl: publish('DeadLettersQueueUrl', 'dead-letters-queue-url', deadLetters.queueUrl),
      BucketName: publish('BucketName', 'bucket-name', cluster.results.bucket.bucketName),
      HeartbeatsTableName: publish('HeartbeatsTableName', 'heartbeats-table-name', cluster.heartbeats.table.tableName),
      FleetName: publish('FleetName', 'fleet-name', cluster.fleet.group.ref),
    };
  }
}
