import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** A small application whose variants are chosen by environment variables, as a user's next commit would. */
const variant = (name: string, otherwise: string): string => process.env[`VARIANT_${name}`] ?? otherwise;

const app = new App();
const stack = new Stack(app, 'Rehearsal', { env: { account: '111122223333', region: 'eu-west-3' } });
const deadLetters = new Queue(stack, 'DeadLetters');
const jobs = new Queue(stack, 'Jobs', {
  visibilityTimeout: Duration.seconds(Number(variant('VISIBILITY', '30'))),
  deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
});
new Bucket(stack, 'Results', { versioned: true, removalPolicy: RemovalPolicy.DESTROY });
const vpc = new CfnVPC(stack, 'Vpc', { cidrBlock: variant('VPC', '10.9.0.0/16') });
const subnetBlock = variant('SUBNET', '10.9.0.0/24');
new CfnSubnet(stack, 'Subnet', { vpcId: vpc.attrVpcId, cidrBlock: subnetBlock, availabilityZone: 'eu-west-3a' });
new CfnSecurityGroup(stack, 'Workers', { vpcId: vpc.attrVpcId, groupDescription: 'workers' });
new CfnOutput(stack, 'JobsUrl', { value: jobs.queueUrl });
