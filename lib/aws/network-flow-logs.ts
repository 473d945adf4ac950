import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib';
import { CfnFlowLog, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logRetentionDays } from './log-retention.ts';
import { nameTag } from './name-tag.ts';
import { OperationsKey } from './operations-key.ts';

export interface FlowLogsProps {
  /** Name of the network; the log group is `/tandem/<name>/flow-logs`. */
  readonly name: string;
  readonly vpc: CfnVPC;
  /** Days that they are kept, rounded up to what CloudWatch Logs offers. */
  readonly days: number;
}

/** VPC flow logs of accepted and rejected traffic, aggregated over ten minutes; encrypted. */
export class FlowLogs extends Construct {
  readonly logGroup: CfnLogGroup;
  readonly role: Role;
  readonly key: Key;

  constructor(scope: Construct, id: string, { name, vpc, days }: FlowLogsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const logGroupName = `/tandem/${name}/flow-logs`;
    this.key = new OperationsKey(this, 'Key', { logGroupPrefix: logGroupName }).key;
    this.logGroup = new CfnLogGroup(this, 'Group', {
      logGroupName,
      retentionInDays: logRetentionDays(days),
      kmsKeyId: this.key.keyArn,
    });
    // A retained group of a fixed name would make the next creation of the network fail.
    this.logGroup.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    this.logGroup.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    this.role = new Role(this, 'Role', {
      description: `Writes the flow logs of ${name}`,
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }),
          },
        },
      }),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        // The streams of one group: their names are made by the service.
        resources: [this.logGroup.attrArn],
      }),
    );
    const flowLog = new CfnFlowLog(this, 'FlowLog', {
      resourceId: vpc.attrVpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logGroupName,
      deliverLogsPermissionArn: this.role.roleArn,
      maxAggregationInterval: 600,
      tags: [nameTag(name)],
    });
    flowLog.addResourceDependency(this.logGroup);
    // Before its policy, the role has no permissions.
    flowLog.node.addDependency(this.role.node.findChild('DefaultPolicy'));
  }
}
