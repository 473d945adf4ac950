/**
 * The constructs in a CDK app of your own, without Tandem's configuration: a private network and an analysis cluster in one stack.
 *
 *   const app = new App();
 *   new AnalysisStack(app, 'Analysis', { env: { account: '111122223333', region: 'eu-west-3' } });
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ParameterValueType, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { AnalysisCluster } from '../../../lib/aws/analysis-cluster.ts';
import { PrivateNetwork } from '../../../lib/aws/private-network.ts';
import { Cidr } from '../../../lib/net/cidr.ts';

export class AnalysisStack extends Stack {
  readonly cluster: AnalysisCluster;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const tags = { owner: 'geo@example.org' };
    const network = new PrivateNetwork(this, 'Network', {
      name: 'tiles',
      cidr: Cidr.parse('10.40.0.0/21'),
      availabilityZones: ['a', 'b', 'c'].map((letter) => `${this.region}${letter}`),
      endpoints: ['s3', 'dynamodb', 'sqs', 'ssm', 'ssmmessages', 'logs', 'autoscaling', 'monitoring'],
      tags,
    });
    this.cluster = new AnalysisCluster(this, 'Cluster', {
      name: 'tiles',
      vpc: network.vpc,
      subnetIds: network.subnetIds,
      fleet: {
        instances: { types: ['c7g.large', 'c6g.large', 'm7g.large'], architecture: 'arm64', spotSharePercent: 100 },
        imageId: StringParameter.valueForTypedStringParameterV2(
          this,
          '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
          ParameterValueType.AWS_EC2_IMAGE_ID,
        ),
        minimum: 0,
        maximum: 40,
      },
      // A tile takes 30 s, and five minutes of waiting are fine: ten tiles for each instance.
      scaling: { backlogPerInstance: 10, idleSeconds: 600 },
      queues: { jobs: { visibilityTimeoutSeconds: 120, maximumReceives: 3 } },
      worker: {
        program: { kind: 'command', command: ['/opt/tiles/render'] },
        timeoutSeconds: 300,
        agent: {
          version: '0.3.0',
          bucket: Bucket.fromBucketName(this, 'Releases', 'example-releases'),
          objectKey: 'worker-agent-0.3.0.mjs',
          sha256: 'ce71e2a2e50ac3abaa3a300c72b061c1db841feaf08f6d72d504ff7eeffbdfd2',
        },
      },
      alarms: { email: ['geo@example.org'], oldestJobMinutes: 15 },
      budget: { monthlyUsd: 800, tag: { key: 'owner', value: 'geo@example.org' } },
      tags,
    });
  }
}
