import type {
  InstanceRefreshStatus,
  DesiredConfiguration as SdkDesiredConfiguration,
  RefreshPreferences as SdkRefreshPreferences,
} from '@aws-sdk/client-auto-scaling';
import type { Named } from './autoscaling-types.ts';
import type { Shape } from './shape.ts';
import type { Time } from './types.ts';

export type RefreshPreferences = Shape<SdkRefreshPreferences>;
export type DesiredConfiguration = Shape<SdkDesiredConfiguration>;
export type RefreshStatus = InstanceRefreshStatus;

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
