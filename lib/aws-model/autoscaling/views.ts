import type { Group, GroupInstance } from '../autoscaling-types.ts';
import type { Context } from '../context.ts';
import { isWarm } from './members.ts';
import type { GroupState, Member } from './state.ts';

export function memberView(member: Member): GroupInstance {
  const { template } = member;
  return {
    InstanceId: member.id,
    InstanceType: member.type,
    AvailabilityZone: member.zone,
    LifecycleState: member.state,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    ...(template !== undefined && {
      LaunchTemplate: { LaunchTemplateId: template.id, LaunchTemplateName: template.name, Version: template.version },
    }),
    ImageId: member.image,
    ProtectedFromScaleIn: member.protected,
  };
}

export function groupView(context: Context, group: GroupState, instances: boolean): Group {
  const { state } = context;
  const { settings, warmPool } = group;
  const members = [...group.members.values()];
  const zones = group.subnets.map((id) => state.ec2.subnets.get(id)?.zone).filter((zone) => zone !== undefined);
  const defined = <K extends keyof typeof settings>(key: K) =>
    settings[key] === undefined ? {} : { [key]: settings[key] };
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    ...(group.launchTemplate !== undefined && { LaunchTemplate: group.launchTemplate }),
    ...(group.mixedInstancesPolicy !== undefined && { MixedInstancesPolicy: group.mixedInstancesPolicy }),
    DefaultCooldown: settings.DefaultCooldown ?? 300,
    AvailabilityZones: [...new Set(zones)],
    VPCZoneIdentifier: group.subnets.join(','),
    HealthCheckType: settings.HealthCheckType ?? 'EC2',
    HealthCheckGracePeriod: settings.HealthCheckGracePeriod ?? 0,
    // As AWS has it: the warm pool is in DescribeWarmPool.
    Instances: instances ? members.filter((member) => !isWarm(member)).map(memberView) : [],
    CreatedTime: group.createdAt,
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    EnabledMetrics: group.metrics.map((Metric) => ({ Metric, Granularity: '1Minute' })),
    Tags: group.tags,
    TerminationPolicies: settings.TerminationPolicies ?? ['Default'],
    NewInstancesProtectedFromScaleIn: settings.NewInstancesProtectedFromScaleIn ?? false,
    CapacityRebalance: settings.CapacityRebalance ?? false,
    ServiceLinkedRoleARN:
      settings.ServiceLinkedRoleARN ??
      `arn:aws:iam::${state.settings.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    ...defined('MaxInstanceLifetime'),
    ...defined('DefaultInstanceWarmup'),
    ...defined('InstanceMaintenancePolicy'),
    ...defined('InstanceLifecyclePolicy'),
    ...(warmPool !== undefined && { WarmPoolConfiguration: warmPool, WarmPoolSize: members.filter(isWarm).length }),
    ...(group.deleting && { Status: 'Delete in progress' }),
  };
}
