/**
 * A fixed app for comparison, as somebody writes it on CDK's defaults: for two environments a network of three zones, and a cluster of
 * a queue with its dead-letter queue, a bucket, a launch template and an Auto Scaling group that follows its backlog.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup, StepScalingPolicy } from 'aws-cdk-lib/aws-autoscaling';
import {
  GatewayVpcEndpointAwsService,
  InstanceType,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  LaunchTemplate,
  MachineImage,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

class Network extends Stack {
  readonly vpc: Vpc;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/19'),
      maxAzs: 3,
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 23 }],
    });
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    this.vpc.addInterfaceEndpoint('Sqs', { service: InterfaceVpcEndpointAwsService.SQS });
    this.vpc.addInterfaceEndpoint('Ssm', { service: InterfaceVpcEndpointAwsService.SSM });
    this.vpc.addInterfaceEndpoint('Logs', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
    this.vpc.addFlowLog('Flow');
  }
}

class Cluster extends Stack {
  constructor(scope: Construct, id: string, vpc: IVpc) {
    super(scope, id);
    const dead = new Queue(this, 'Dead', { encryption: QueueEncryption.SQS_MANAGED });
    const jobs = new Queue(this, 'Jobs', { deadLetterQueue: { queue: dead, maxReceiveCount: 5 } });
    const results = new Bucket(this, 'Results', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    jobs.grantConsumeMessages(role);
    results.grantReadWrite(role);
    const template = new LaunchTemplate(this, 'Template', {
      machineImage: MachineImage.latestAmazonLinux2023(),
      instanceType: new InstanceType('c7g.xlarge'),
      securityGroup: new SecurityGroup(this, 'Group', { vpc }),
      requireImdsv2: true,
      role,
    });
    const fleet = new AutoScalingGroup(this, 'Fleet', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      mixedInstancesPolicy: { launchTemplate: template },
      minCapacity: 1,
      maxCapacity: 500,
    });
    new StepScalingPolicy(this, 'Backlog', {
      autoScalingGroup: fleet,
      metric: jobs.metricApproximateNumberOfMessagesVisible(),
      scalingSteps: [
        { upper: 10, change: -1 },
        { lower: 100, change: 10 },
      ],
    });
  }
}

const app = new App();
for (const name of ['staging', 'prod']) {
  const network = new Network(app, `${name}-network`);
  new Cluster(app, `${name}-cluster`, network.vpc as IVpc);
}
