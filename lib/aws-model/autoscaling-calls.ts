import type {
  Activity,
  AlarmName,
  CreateGroupInput,
  Group,
  GroupInstance,
  GroupSettings,
  GroupTag,
  HookSettings,
  HookTransition,
  LifecycleHook,
  Named,
  PutScalingPolicyInput,
  ScalingPolicy,
  ScheduledAction,
  ScheduledActionInput,
  TagDescription,
  WarmPoolConfiguration,
} from './autoscaling-types.ts';
import type { DesiredConfiguration, InstanceRefresh, RefreshPreferences } from './refresh-types.ts';

interface Page {
  readonly MaxRecords?: number | undefined;
  readonly NextToken?: string | undefined;
}

type None = Record<string, never>;

interface GroupIds extends Named {
  readonly InstanceIds?: readonly string[] | undefined;
}

interface HookAction extends Named {
  readonly LifecycleHookName: string;
  readonly LifecycleActionToken?: string | undefined;
  readonly InstanceId?: string | undefined;
}

interface Activities {
  readonly Activities: readonly Activity[];
}

/** Auto Scaling's calls. Names and shapes are AWS's; times are numbers. */
export interface AutoScalingCalls {
  createAutoScalingGroup(input: CreateGroupInput): None;
  updateAutoScalingGroup(input: Named & GroupSettings): None;
  deleteAutoScalingGroup(input: Named & { readonly ForceDelete?: boolean | undefined }): None;
  describeAutoScalingGroups(
    input: Page & {
      readonly AutoScalingGroupNames?: readonly string[] | undefined;
      /** `tag-key`, `tag-value`, `tag:KEY`. */
      readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[] | undefined;
      readonly IncludeInstances?: boolean | undefined;
    },
  ): { readonly AutoScalingGroups: readonly Group[]; readonly NextToken?: string };
  describeAutoScalingInstances(input: Page & { readonly InstanceIds?: readonly string[] | undefined }): {
    readonly AutoScalingInstances: readonly (GroupInstance & Named)[];
    readonly NextToken?: string;
  };
  setDesiredCapacity(
    input: Named & { readonly DesiredCapacity: number; readonly HonorCooldown?: boolean | undefined },
  ): None;
  attachInstances(input: GroupIds): None;
  detachInstances(input: GroupIds & { readonly ShouldDecrementDesiredCapacity: boolean }): Activities;
  enterStandby(input: GroupIds & { readonly ShouldDecrementDesiredCapacity: boolean }): Activities;
  exitStandby(input: GroupIds): Activities;
  setInstanceHealth(input: {
    readonly InstanceId: string;
    readonly HealthStatus: string;
    readonly ShouldRespectGracePeriod?: boolean | undefined;
  }): None;
  setInstanceProtection(
    input: Named & { readonly InstanceIds: readonly string[]; readonly ProtectedFromScaleIn: boolean },
  ): None;
  terminateInstanceInAutoScalingGroup(input: {
    readonly InstanceId: string;
    readonly ShouldDecrementDesiredCapacity: boolean;
  }): { readonly Activity: Activity };
  /** At most 100 instances; without a wait for the group's own decisions. */
  launchInstances(
    input: Named & {
      readonly RequestedCapacity: number;
      readonly ClientToken?: string | undefined;
      readonly AvailabilityZones?: readonly string[] | undefined;
      readonly SubnetIds?: readonly string[] | undefined;
      readonly RetryStrategy?: string | undefined;
    },
  ): {
    readonly AutoScalingGroupName: string;
    readonly Instances: readonly {
      readonly InstanceType: string;
      readonly AvailabilityZone: string;
      readonly SubnetId: string;
      readonly InstanceIds: readonly string[];
    }[];
    readonly Errors: readonly {
      readonly AvailabilityZone: string;
      readonly ErrorCode: string;
      readonly ErrorMessage: string;
    }[];
  };
  suspendProcesses(input: Named & { readonly ScalingProcesses?: readonly string[] | undefined }): None;
  resumeProcesses(input: Named & { readonly ScalingProcesses?: readonly string[] | undefined }): None;
  putLifecycleHook(input: Named & HookSettings & { readonly LifecycleTransition?: HookTransition | undefined }): None;
  deleteLifecycleHook(input: Named & { readonly LifecycleHookName: string }): None;
  describeLifecycleHooks(input: Named & { readonly LifecycleHookNames?: readonly string[] | undefined }): {
    readonly LifecycleHooks: readonly LifecycleHook[];
  };
  completeLifecycleAction(input: HookAction & { readonly LifecycleActionResult: string }): None;
  recordLifecycleActionHeartbeat(input: HookAction): None;
  putWarmPool(
    input: Named & {
      readonly MaxGroupPreparedCapacity?: number | undefined;
      readonly MinSize?: number | undefined;
      readonly PoolState?: string | undefined;
      readonly InstanceReusePolicy?: { readonly ReuseOnScaleIn?: boolean | undefined } | undefined;
    },
  ): None;
  deleteWarmPool(input: Named & { readonly ForceDelete?: boolean | undefined }): None;
  describeWarmPool(input: Named & Page): {
    readonly WarmPoolConfiguration?: WarmPoolConfiguration;
    readonly Instances: readonly GroupInstance[];
    readonly NextToken?: string;
  };
  startInstanceRefresh(
    input: Named & {
      readonly Strategy?: string | undefined;
      readonly Preferences?: RefreshPreferences | undefined;
      readonly DesiredConfiguration?: DesiredConfiguration | undefined;
    },
  ): { readonly InstanceRefreshId: string };
  cancelInstanceRefresh(input: Named & { readonly WaitForTransitioningInstances?: boolean | undefined }): {
    readonly InstanceRefreshId: string;
  };
  rollbackInstanceRefresh(input: Named): { readonly InstanceRefreshId: string };
  describeInstanceRefreshes(input: Named & Page & { readonly InstanceRefreshIds?: readonly string[] | undefined }): {
    readonly InstanceRefreshes: readonly InstanceRefresh[];
    readonly NextToken?: string;
  };
  putScheduledUpdateGroupAction(input: ScheduledActionInput): None;
  deleteScheduledAction(input: Named & { readonly ScheduledActionName: string }): None;
  describeScheduledActions(
    input: Page & {
      readonly AutoScalingGroupName?: string | undefined;
      readonly ScheduledActionNames?: readonly string[] | undefined;
    },
  ): { readonly ScheduledUpdateGroupActions: readonly ScheduledAction[]; readonly NextToken?: string };
  putScalingPolicy(input: PutScalingPolicyInput): { readonly PolicyARN: string; readonly Alarms: readonly AlarmName[] };
  deletePolicy(input: { readonly AutoScalingGroupName?: string | undefined; readonly PolicyName: string }): None;
  describePolicies(
    input: Page & {
      readonly AutoScalingGroupName?: string | undefined;
      readonly PolicyNames?: readonly string[] | undefined;
      readonly PolicyTypes?: readonly string[] | undefined;
    },
  ): { readonly ScalingPolicies: readonly ScalingPolicy[]; readonly NextToken?: string };
  executePolicy(input: {
    readonly AutoScalingGroupName?: string | undefined;
    readonly PolicyName: string;
    readonly HonorCooldown?: boolean | undefined;
    readonly MetricValue?: number | undefined;
    readonly BreachThreshold?: number | undefined;
  }): None;
  describeScalingActivities(
    input: Page & {
      readonly AutoScalingGroupName?: string | undefined;
      readonly ActivityIds?: readonly string[] | undefined;
      readonly IncludeDeletedGroups?: boolean | undefined;
    },
  ): { readonly Activities: readonly Activity[]; readonly NextToken?: string };
  enableMetricsCollection(
    input: Named & { readonly Granularity: string; readonly Metrics?: readonly string[] | undefined },
  ): None;
  disableMetricsCollection(input: Named & { readonly Metrics?: readonly string[] | undefined }): None;
  createOrUpdateTags(input: { readonly Tags: readonly GroupTag[] }): None;
  deleteTags(input: { readonly Tags: readonly GroupTag[] }): None;
  describeTags(
    input: Page & {
      readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[] | undefined;
    },
  ): { readonly Tags: readonly TagDescription[]; readonly NextToken?: string };
  describeAccountLimits(input: None): {
    readonly MaxNumberOfAutoScalingGroups: number;
    readonly MaxNumberOfLaunchConfigurations: number;
    readonly NumberOfAutoScalingGroups: number;
    readonly NumberOfLaunchConfigurations: number;
  };
}
