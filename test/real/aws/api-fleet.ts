import {
  type Activity,
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  EnableMetricsCollectionCommand,
  PutScalingPolicyCommand,
  type PutScalingPolicyCommandInput,
  paginateDescribeScalingActivities,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FleetDefinition } from '../../../lib/simulate/fleet/definition.ts';
import type { clientConfig } from '../../lab/aws/rig.ts';

/** A fleet that was made by calls of AWS's clients, and what it says of itself to them. */
export interface ApiFleet {
  readonly autoscaling: AutoScalingClient;
  readonly sqs: SQSClient;
  readonly group: string;
  readonly queueUrl: string;
  /** The group as it is described, with its instances. */
  describe(): Promise<{ readonly desired: number; readonly members: readonly Member[] }>;
  /** All of its activities, oldest first. */
  activities(): Promise<Activity[]>;
}

export interface Member {
  readonly id: string;
  readonly state: string;
  readonly isProtected: boolean;
}

/** Makes queue, launch template, group, policies and alarms as a user of the SDK does: nothing here is of the model or the simulator. */
export async function makeFleet(config: ReturnType<typeof clientConfig>, fleet: FleetDefinition): Promise<ApiFleet> {
  const {
    AutoScalingGroupName: group,
    MinSize,
    MaxSize,
    HealthCheckType,
    LifecycleHookSpecificationList,
  } = fleet.group;
  const [autoscaling, cloudwatch] = [new AutoScalingClient(config), new CloudWatchClient(config)];
  const [ec2, sqs] = [new EC2Client(config), new SQSClient(config)];
  const { QueueUrl: queueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: fleet.queue, Attributes: { VisibilityTimeout: '43200' } }),
  );
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: group,
      LaunchTemplateData: { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'm7g.xlarge' },
    }),
  );
  await autoscaling.send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: group, MinSize, MaxSize, HealthCheckType },
      ...{ VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c', DesiredCapacity: MinSize },
      LaunchTemplate: { LaunchTemplateName: group, Version: '1' },
      LifecycleHookSpecificationList: LifecycleHookSpecificationList?.map((hook) => ({ ...hook })),
    }),
  );
  await autoscaling.send(new EnableMetricsCollectionCommand({ AutoScalingGroupName: group, Granularity: '1Minute' }));
  const arns = new Map<string, string>();
  for (const policy of fleet.policies) {
    const { PolicyARN = '' } = await autoscaling.send(
      new PutScalingPolicyCommand(structuredClone(policy) as PutScalingPolicyCommandInput),
    );
    arns.set(policy.PolicyName, PolicyARN);
  }
  for (const alarm of fleet.alarms) {
    const AlarmActions = alarm.AlarmActions?.map((action) => arns.get(action) ?? action);
    const input = { ...structuredClone(alarm), AlarmActions } as PutMetricAlarmCommandInput;
    await cloudwatch.send(new PutMetricAlarmCommand(input));
  }
  return {
    ...{ autoscaling, sqs, group, queueUrl },
    async describe() {
      const { AutoScalingGroups: [found] = [] } = await autoscaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
      );
      return {
        desired: found?.DesiredCapacity ?? -1,
        members: (found?.Instances ?? []).map((each) => ({
          ...{ id: each.InstanceId ?? '', state: each.LifecycleState ?? '' },
          isProtected: each.ProtectedFromScaleIn ?? false,
        })),
      };
    },
    async activities() {
      const all: Activity[] = [];
      for await (const { Activities = [] } of paginateDescribeScalingActivities(
        { client: autoscaling },
        { AutoScalingGroupName: group },
      ))
        all.push(...Activities);
      return all.toReversed();
    },
  };
}
