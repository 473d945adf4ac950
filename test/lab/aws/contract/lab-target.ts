import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Target } from './rule.ts';

export type ClientConfig = Readonly<{
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}>;

/** The SDK's clients with one pool of connections, as they are by default but for retries: a rule sees every refusal. */
export async function targetOf(
  config: ClientConfig,
  time: Pick<Target, 'pass' | 'now' | 'tries'>,
): Promise<Target & { destroy(): void }> {
  const ec2 = new EC2Client({ ...config, maxAttempts: 1 });
  const shared = { ...config, maxAttempts: 1, requestHandler: ec2.config.requestHandler };
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.map(({ SubnetId, AvailabilityZone }) => ({ id: SubnetId!, zone: AvailabilityZone! }));
  // Few rules need more than two of them, and each takes a while to make.
  const made: { -readonly [Name in keyof Target]?: Target[Name] } = {};
  return {
    ec2,
    get autoscaling() {
      return (made.autoscaling ??= new AutoScalingClient(shared));
    },
    get cloudwatch() {
      return (made.cloudwatch ??= new CloudWatchClient(shared));
    },
    get iam() {
      return (made.iam ??= new IAMClient(shared));
    },
    get quotas() {
      return (made.quotas ??= new ServiceQuotasClient(shared));
    },
    get sqs() {
      return (made.sqs ??= new SQSClient(shared));
    },
    get ssm() {
      return (made.ssm ??= new SSMClient(shared));
    },
    subnets: subnets.sort((a, b) => (a.zone < b.zone ? -1 : 1)).slice(0, 3),
    ...time,
    destroy: () => ec2.destroy(),
  };
}
