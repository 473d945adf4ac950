import type {
  CreateAutoScalingGroupType,
  CustomizedMetricSpecification,
  LaunchTemplateOverrides,
  LifecycleHookSpecification,
  LifecycleState,
  PutScalingPolicyType,
  PutScheduledUpdateGroupActionType,
  MixedInstancesPolicy as SdkMixedInstancesPolicy,
  StepAdjustment as SdkStepAdjustment,
  Tag,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplateSpecification } from './ec2-types.ts';
import type { Shape } from './shape.ts';
import type { Time } from './types.ts';

export type { LifecycleState } from '@aws-sdk/client-auto-scaling';

export type GroupTag = Shape<Tag>;
export type LaunchTemplateOverride = Shape<LaunchTemplateOverrides>;
export type MixedInstancesPolicy = Shape<SdkMixedInstancesPolicy>;
export type HookSpecification = Shape<LifecycleHookSpecification>;
/** What CreateAutoScalingGroup and UpdateAutoScalingGroup have in common. */
export type GroupSettings = Omit<Shape<UpdateAutoScalingGroupType>, 'AutoScalingGroupName'>;
export type CreateGroupInput = Shape<CreateAutoScalingGroupType>;
export type CustomizedMetric = Shape<CustomizedMetricSpecification>;
export type StepAdjustment = Shape<SdkStepAdjustment>;
export type PutScalingPolicyInput = Shape<PutScalingPolicyType>;
export type ScheduledActionInput = Shape<PutScheduledUpdateGroupActionType>;

export interface Named {
  readonly AutoScalingGroupName: string;
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
  readonly InstanceMaintenancePolicy?: GroupSettings['InstanceMaintenancePolicy'];
  readonly InstanceLifecyclePolicy?: GroupSettings['InstanceLifecyclePolicy'];
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
  readonly LifecycleTransition: string;
  readonly HeartbeatTimeout: number;
  /** Seconds: 48 hours or 100 heartbeats, whichever is less. */
  readonly GlobalTimeout: number;
  readonly DefaultResult: 'CONTINUE' | 'ABANDON';
  readonly NotificationTargetARN?: string;
  readonly NotificationMetadata?: string;
  readonly RoleARN?: string;
}

export interface AlarmName {
  readonly AlarmName: string;
  readonly AlarmARN: string;
}

export interface ScalingPolicy extends PutScalingPolicyInput {
  readonly PolicyARN: string;
  readonly Alarms: readonly AlarmName[];
}

export interface ScheduledAction extends ScheduledActionInput {
  readonly ScheduledActionARN: string;
}
