/** The calls of each service that are answered after AWS's published models. A call that is not here does not exist. */
export const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  ec2: [
    ...['RunInstances', 'CreateFleet', 'TerminateInstances', 'StopInstances', 'StartInstances', 'RebootInstances'],
    ...['DescribeInstances', 'DescribeInstanceStatus', 'ModifyInstanceAttribute'],
    ...['CreateReplaceRootVolumeTask', 'DescribeReplaceRootVolumeTasks'],
    ...['CreateLaunchTemplate', 'CreateLaunchTemplateVersion', 'DescribeLaunchTemplates'],
    ...['DescribeLaunchTemplateVersions', 'ModifyLaunchTemplate', 'DeleteLaunchTemplate'],
    ...['CreateTags', 'DescribeSubnets', 'DescribeAvailabilityZones', 'DescribeSpotInstanceRequests'],
    ...['DescribeImages', 'DescribeInstanceTypes', 'DescribeInstanceTypeOfferings'],
  ],
  autoscaling: [
    ...['CreateAutoScalingGroup', 'UpdateAutoScalingGroup', 'DeleteAutoScalingGroup', 'SetDesiredCapacity'],
    ...['DescribeAutoScalingGroups', 'DescribeAutoScalingInstances', 'DescribeScalingActivities'],
    ...['AttachInstances', 'DetachInstances', 'EnterStandby', 'ExitStandby', 'LaunchInstances'],
    ...['SetInstanceHealth', 'SetInstanceProtection', 'TerminateInstanceInAutoScalingGroup'],
    ...['SuspendProcesses', 'ResumeProcesses', 'DescribeScalingProcessTypes'],
    ...['PutLifecycleHook', 'DeleteLifecycleHook', 'DescribeLifecycleHooks'],
    ...['CompleteLifecycleAction', 'RecordLifecycleActionHeartbeat'],
    ...['PutWarmPool', 'DescribeWarmPool', 'DeleteWarmPool'],
    ...['StartInstanceRefresh', 'CancelInstanceRefresh', 'RollbackInstanceRefresh', 'DescribeInstanceRefreshes'],
    ...['PutScalingPolicy', 'DescribePolicies', 'DeletePolicy', 'ExecutePolicy'],
    ...['PutScheduledUpdateGroupAction', 'DescribeScheduledActions', 'DeleteScheduledAction'],
    ...['DescribeAccountLimits', 'EnableMetricsCollection', 'DisableMetricsCollection'],
    ...['CreateOrUpdateTags', 'DeleteTags', 'DescribeTags'],
  ],
  cloudwatch: [
    ...['PutMetricData', 'GetMetricData', 'ListMetrics'],
    ...['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'SetAlarmState'],
    ...['EnableAlarmActions', 'DisableAlarmActions'],
  ],
  ssm: [
    ...['SendCommand', 'CancelCommand', 'ListCommands', 'ListCommandInvocations', 'GetCommandInvocation'],
    'DescribeInstanceInformation',
  ],
  iam: ['GetRole', 'CreateServiceLinkedRole'],
  'service-quotas': ['GetServiceQuota', 'ListServiceQuotas', 'GetAWSDefaultServiceQuota'],
};
