import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeleteStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { body, create, type Rig, rig, settled } from './rig.ts';

/** A group in one subnet, its template of this type of instance. */
const template = (InstanceType: string, updatePolicy: object = {}, more: object = {}) => ({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-west-3b' },
    },
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      UpdatePolicy: updatePolicy,
      Properties: {
        ...{ AutoScalingGroupName: 'workers', MinSize: '1', MaxSize: '6', DesiredCapacity: '2' },
        VPCZoneIdentifier: [{ Ref: 'Subnet' }],
        LaunchTemplate: {
          LaunchTemplateId: { Ref: 'Template' },
          Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
        },
        ...more,
      },
    },
    Out: {
      Type: 'AWS::AutoScaling::ScalingPolicy',
      Properties: { AutoScalingGroupName: { Ref: 'Group' }, AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...{ AlarmName: 'busy', Namespace: 'Test', MetricName: 'm', Statistic: 'Maximum', Period: '60' },
        ...{ EvaluationPeriods: '1', Threshold: '10', ComparisonOperator: 'GreaterThanThreshold' },
        AlarmActions: [{ Ref: 'Out' }],
      },
    },
  },
});

/** SPEC.md, "Resource types": what a stack makes of Auto Scaling is there, and acts. */
describe('groups of stacks', () => {
  let lab: Rig;
  let autoscaling: AutoScalingClient;
  const clock = () => lab.endpoint.state.clock;
  beforeEach(async () => {
    lab = await rig({ clock: new VirtualClock({ rate: 1 }) });
    autoscaling = new AutoScalingClient(lab.config);
  });
  afterEach(() => lab.endpoint.close());

  const group = async () =>
    (await autoscaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['workers'] })))
      .AutoScalingGroups?.[0];
  const update = (of: object) => lab.cfn.send(new UpdateStackCommand({ StackName: 'cluster', TemplateBody: body(of) }));

  it('launch their instances, into their subnets, and take them along', async () => {
    await create(lab.cfn, 'cluster', template('m6g.large'));
    await clock().advance(300_000);
    const instances = (await group())?.Instances ?? [];
    expect(instances.map(({ LifecycleState, AvailabilityZone }) => [LifecycleState, AvailabilityZone])).toEqual(
      Array(2).fill(['InService', 'eu-west-3b']),
    );
    const { MetricAlarms } = await new CloudWatchClient(lab.config).send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['busy']);
    await lab.cfn.send(new DeleteStackCommand({ StackName: 'cluster' }));
    await clock().advance(300_000);
    expect(await group()).toBeUndefined();
  });

  it('reset their desired capacity at an update, unless the update policy leaves unmodified sizes alone', async () => {
    await create(lab.cfn, 'cluster', template('m6g.large'));
    const resize = () =>
      autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'workers', DesiredCapacity: 5 }));
    await resize();
    await update(template('m6g.large', {}, { Cooldown: '60' }));
    await settled(lab.cfn, 'cluster');
    expect((await group())?.DesiredCapacity).toBe(2);
    await resize();
    const leaves = { AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } };
    await update(template('m6g.large', leaves, { Cooldown: '90' }));
    await settled(lab.cfn, 'cluster');
    expect((await group())?.DesiredCapacity).toBe(5);
  });

  it('are refreshed where their update policy says so, and the stack waits for it', async () => {
    const policy = {
      AutoScalingInstanceRefresh: { Strategy: 'Rolling', Preferences: { InstanceWarmup: 0 } },
    };
    await create(lab.cfn, 'cluster', template('m6g.large', policy));
    await clock().advance(300_000);
    const before = (await group())?.Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    await update(template('c6g.large', policy));
    clock().setRate(20_000);
    expect((await settled(lab.cfn, 'cluster')).StackStatus).toBe('UPDATE_COMPLETE');
    const after = (await group())?.Instances?.filter(({ LifecycleState }) => LifecycleState === 'InService') ?? [];
    expect(after.map(({ InstanceType }) => InstanceType)).toEqual(['c6g.large', 'c6g.large']);
    expect(after.some(({ InstanceId }) => before.includes(InstanceId))).toBe(false);
  });
});
