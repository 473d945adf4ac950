import type { MetricDataQuery } from './cloudwatch-types.ts';
import type { LaunchTemplateSpecification } from './ec2-types.ts';
import type { Time } from './types.ts';

export interface Named {
  readonly AutoScalingGroupName: string;
}

export interface GroupTag {
  readonly Key: string;
  readonly Value?: string | undefined;
  readonly PropagateAtLaunch?: boolean | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceType?: string | undefined;
}

/** A tag as it is told. */
export interface TagDescription {
  readonly Key: string;
  readonly Value: string;
  readonly PropagateAtLaunch: boolean;
  /** The group. */
  readonly ResourceId: string;
  readonly ResourceType: string;
}

export interface LaunchTemplateOverride {
  readonly InstanceType?: string | undefined;
  /** Weights are refused: the model counts instances. */
  readonly WeightedCapacity?: string | undefined;
  readonly LaunchTemplateSpecification?: LaunchTemplateSpecification | undefined;
  readonly ImageId?: string | undefined;
}

export interface MixedInstancesPolicy {
  readonly LaunchTemplate?:
    | {
        readonly LaunchTemplateSpecification?: LaunchTemplateSpecification | undefined;
        readonly Overrides?: readonly LaunchTemplateOverride[] | undefined;
      }
    | undefined;
  readonly InstancesDistribution?:
    | {
        readonly OnDemandAllocationStrategy?: string | undefined;
        readonly OnDemandBaseCapacity?: number | undefined;
        readonly OnDemandPercentageAboveBaseCapacity?: number | undefined;
        readonly SpotAllocationStrategy?: string | undefined;
        readonly SpotInstancePools?: number | undefined;
        readonly SpotMaxPrice?: string | undefined;
      }
    | undefined;
}

export interface InstanceMaintenancePolicy {
  /** Percent of the desired capacity; -1 clears it. */
  readonly MinHealthyPercentage?: number | undefined;
  readonly MaxHealthyPercentage?: number | undefined;
}

/** What happens to an instance whose terminating hook was abandoned. */
export interface InstanceLifecyclePolicy {
  readonly RetentionTriggers?: { readonly TerminateHookAbandon?: 'retain' | 'terminate' | undefined } | undefined;
}

export type HookTransition = 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING';

export interface HookSettings {
  readonly LifecycleHookName: string;
  readonly HeartbeatTimeout?: number | undefined;
  readonly DefaultResult?: string | undefined;
  readonly NotificationTargetARN?: string | undefined;
  readonly NotificationMetadata?: string | undefined;
  readonly RoleARN?: string | undefined;
}

export interface HookSpecification extends HookSettings {
  readonly LifecycleTransition: HookTransition;
}

/** What CreateAutoScalingGroup and UpdateAutoScalingGroup have in common. */
export interface GroupSettings {
  readonly MinSize?: number | undefined;
  readonly MaxSize?: number | undefined;
  readonly DesiredCapacity?: number | undefined;
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly MixedInstancesPolicy?: MixedInstancesPolicy | undefined;
  /** Seconds. @default 300 */
  readonly DefaultCooldown?: number | undefined;
  /** Subnets, separated by commas. */
  readonly VPCZoneIdentifier?: string | undefined;
  readonly AvailabilityZones?: readonly string[] | undefined;
  readonly HealthCheckType?: string | undefined;
  /** Seconds. @default 0 */
  readonly HealthCheckGracePeriod?: number | undefined;
  readonly TerminationPolicies?: readonly string[] | undefined;
  readonly NewInstancesProtectedFromScaleIn?: boolean | undefined;
  readonly CapacityRebalance?: boolean | undefined;
  /** Seconds: 86400 and more; 0 clears it. */
  readonly MaxInstanceLifetime?: number | undefined;
  /** Seconds; -1 clears it. */
  readonly DefaultInstanceWarmup?: number | undefined;
  readonly InstanceMaintenancePolicy?: InstanceMaintenancePolicy | undefined;
  readonly InstanceLifecyclePolicy?: InstanceLifecyclePolicy | undefined;
  readonly ServiceLinkedRoleARN?: string | undefined;
}

export interface CreateGroupInput extends Named, GroupSettings {
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly LifecycleHookSpecificationList?: readonly HookSpecification[] | undefined;
  readonly Tags?: readonly GroupTag[] | undefined;
}

export type LifecycleState =
  | 'Pending'
  | 'Pending:Wait'
  | 'Pending:Proceed'
  | 'InService'
  | 'EnteringStandby'
  | 'Standby'
  | 'Detaching'
  | 'Detached'
  | 'Terminating'
  | 'Terminating:Wait'
  | 'Terminating:Proceed'
  | 'Terminating:Retained'
  | 'Terminated'
  | 'ReplacingRootVolume'
  | 'ReplacingRootVolume:Wait'
  | 'ReplacingRootVolume:Proceed'
  | 'RootVolumeReplaced'
  | 'Warmed:Pending'
  | 'Warmed:Pending:Wait'
  | 'Warmed:Pending:Proceed'
  | 'Warmed:Stopped'
  | 'Warmed:Running'
  | 'Warmed:Hibernated'
  | 'Warmed:Terminating'
  | 'Warmed:Terminating:Wait'
  | 'Warmed:Terminating:Proceed'
  | 'Warmed:Terminating:Retained';

export interface GroupInstance {
  readonly InstanceId: string;
  readonly InstanceType: string;
  readonly AvailabilityZone: string;
  readonly LifecycleState: LifecycleState;
  readonly HealthStatus: 'Healthy' | 'Unhealthy';
  readonly LaunchTemplate?: LaunchTemplateSpecification;
  readonly ImageId?: string;
  readonly ProtectedFromScaleIn: boolean;
}

export interface Group extends Named {
  readonly AutoScalingGroupARN: string;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly DesiredCapacity: number;
  readonly LaunchTemplate?: LaunchTemplateSpecification;
  readonly MixedInstancesPolicy?: MixedInstancesPolicy;
  readonly DefaultCooldown: number;
  readonly AvailabilityZones: readonly string[];
  readonly VPCZoneIdentifier: string;
  readonly HealthCheckType: string;
  readonly HealthCheckGracePeriod: number;
  readonly Instances: readonly GroupInstance[];
  readonly CreatedTime: Time;
  readonly SuspendedProcesses: readonly { readonly ProcessName: string; readonly SuspensionReason: string }[];
  readonly EnabledMetrics: readonly { readonly Metric: string; readonly Granularity: '1Minute' }[];
  readonly Tags: readonly TagDescription[];
  readonly TerminationPolicies: readonly string[];
  readonly NewInstancesProtectedFromScaleIn: boolean;
  readonly CapacityRebalance: boolean;
  readonly ServiceLinkedRoleARN: string;
  readonly MaxInstanceLifetime?: number;
  readonly DefaultInstanceWarmup?: number;
  readonly InstanceMaintenancePolicy?: InstanceMaintenancePolicy;
  readonly InstanceLifecyclePolicy?: InstanceLifecyclePolicy;
  readonly WarmPoolConfiguration?: WarmPoolConfiguration;
  readonly WarmPoolSize?: number;
  /** While it is being deleted. */
  readonly Status?: string;
}

export interface WarmPoolConfiguration {
  readonly MaxGroupPreparedCapacity?: number;
  readonly MinSize: number;
  readonly PoolState: 'Stopped' | 'Running' | 'Hibernated';
  readonly InstanceReusePolicy?: { readonly ReuseOnScaleIn?: boolean | undefined };
  readonly Status?: 'PendingDelete';
}

export interface Activity extends Named {
  readonly ActivityId: string;
  readonly Description: string;
  readonly Cause: string;
  readonly StartTime: Time;
  readonly EndTime?: Time;
  readonly StatusCode:
    | 'PreInService'
    | 'InProgress'
    | 'Successful'
    | 'Failed'
    | 'Cancelled'
    | 'MidLifecycleAction'
    | 'WaitingForInstanceWarmup'
    | 'WaitingForInstanceId';
  readonly StatusMessage?: string;
  readonly Progress: number;
  readonly Details: string;
}

export interface LifecycleHook extends Named {
  readonly LifecycleHookName: string;
  readonly LifecycleTransition: HookTransition;
  readonly HeartbeatTimeout: number;
  /** Seconds: 48 hours or 100 heartbeats, whichever is less. */
  readonly GlobalTimeout: number;
  readonly DefaultResult: 'CONTINUE' | 'ABANDON';
  readonly NotificationTargetARN?: string;
  readonly NotificationMetadata?: string;
  readonly RoleARN?: string;
}

export interface CustomizedMetric {
  readonly MetricName?: string | undefined;
  readonly Namespace?: string | undefined;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[] | undefined;
  readonly Statistic?: string | undefined;
  readonly Unit?: string | undefined;
  readonly Period?: number | undefined;
  readonly Metrics?: readonly MetricDataQuery[] | undefined;
}

export interface TargetTrackingConfiguration {
  readonly PredefinedMetricSpecification?:
    | { readonly PredefinedMetricType: string; readonly ResourceLabel?: string | undefined }
    | undefined;
  readonly CustomizedMetricSpecification?: CustomizedMetric | undefined;
  readonly TargetValue: number;
  readonly DisableScaleIn?: boolean | undefined;
}

export interface StepAdjustment {
  readonly MetricIntervalLowerBound?: number | undefined;
  readonly MetricIntervalUpperBound?: number | undefined;
  readonly ScalingAdjustment: number;
}

export interface PutScalingPolicyInput extends Named {
  readonly PolicyName: string;
  /** @default SimpleScaling */
  readonly PolicyType?: string | undefined;
  readonly AdjustmentType?: string | undefined;
  readonly ScalingAdjustment?: number | undefined;
  readonly MinAdjustmentMagnitude?: number | undefined;
  readonly Cooldown?: number | undefined;
  readonly MetricAggregationType?: string | undefined;
  readonly StepAdjustments?: readonly StepAdjustment[] | undefined;
  readonly EstimatedInstanceWarmup?: number | undefined;
  readonly TargetTrackingConfiguration?: TargetTrackingConfiguration | undefined;
  readonly Enabled?: boolean | undefined;
}

export interface AlarmName {
  readonly AlarmName: string;
  readonly AlarmARN: string;
}

export interface ScalingPolicy extends PutScalingPolicyInput {
  readonly PolicyARN: string;
  readonly Alarms: readonly AlarmName[];
}

export interface ScheduledActionInput extends Named {
  readonly ScheduledActionName: string;
  readonly StartTime?: Time | undefined;
  readonly EndTime?: Time | undefined;
  /** Five fields of cron, in UTC or in `TimeZone`. */
  readonly Recurrence?: string | undefined;
  readonly TimeZone?: string | undefined;
  readonly MinSize?: number | undefined;
  readonly MaxSize?: number | undefined;
  readonly DesiredCapacity?: number | undefined;
}

export interface ScheduledAction extends ScheduledActionInput {
  readonly ScheduledActionARN: string;
}
