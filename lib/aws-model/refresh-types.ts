import type { MixedInstancesPolicy, Named } from './autoscaling-types.ts';
import type { LaunchTemplateSpecification } from './ec2-types.ts';
import type { Time } from './types.ts';

export interface RefreshPreferences {
  readonly MinHealthyPercentage?: number | undefined;
  readonly MaxHealthyPercentage?: number | undefined;
  /** Seconds. */
  readonly InstanceWarmup?: number | undefined;
  readonly CheckpointPercentages?: readonly number[] | undefined;
  /** Seconds. @default 3600 */
  readonly CheckpointDelay?: number | undefined;
  readonly SkipMatching?: boolean | undefined;
  readonly AutoRollback?: boolean | undefined;
  readonly ScaleInProtectedInstances?: string | undefined;
  readonly StandbyInstances?: string | undefined;
  readonly AlarmSpecification?: { readonly Alarms?: readonly string[] | undefined } | undefined;
  /** Seconds. */
  readonly BakeTime?: number | undefined;
}

export interface DesiredConfiguration {
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly MixedInstancesPolicy?: MixedInstancesPolicy | undefined;
}

export type RefreshStatus =
  | 'Pending'
  | 'InProgress'
  | 'Successful'
  | 'Failed'
  | 'Cancelling'
  | 'Cancelled'
  | 'RollbackInProgress'
  | 'RollbackFailed'
  | 'RollbackSuccessful'
  | 'Baking';

export interface InstanceRefresh extends Named {
  readonly InstanceRefreshId: string;
  readonly Status: RefreshStatus;
  readonly StatusReason?: string;
  readonly StartTime: Time;
  readonly EndTime?: Time;
  readonly PercentageComplete: number;
  readonly InstancesToUpdate: number;
  readonly Strategy: 'Rolling' | 'ReplaceRootVolume';
  readonly Preferences: RefreshPreferences;
  readonly DesiredConfiguration?: DesiredConfiguration;
  readonly RollbackDetails?: { readonly RollbackReason: string; readonly RollbackStartTime: Time };
}
