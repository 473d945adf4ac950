import type {
  CreateGroupInput,
  PutScalingPolicyInput,
  ScheduledActionInput,
} from '../../aws-model/autoscaling-types.ts';
import type { PutMetricAlarmInput } from '../../aws-model/cloudwatch-types.ts';
import type { AwsModel } from '../../aws-model/model.ts';

/** A fleet as Auto Scaling is told of it: calls in AWS's words. Actions of alarms are names of policies. */
export interface FleetDefinition {
  readonly group: CreateGroupInput;
  /** Queue that its alarms look at, as their dimensions name it. */
  readonly queue: string;
  /** Function that sets the capacity, whose metrics the policies look at. @default - there is none */
  readonly scaler?: string | undefined;
  readonly policies: readonly PutScalingPolicyInput[];
  readonly alarms: readonly PutMetricAlarmInput[];
  readonly schedules: readonly ScheduledActionInput[];
  readonly warmPool?: Parameters<AwsModel['autoscaling']['putWarmPool']>[0] | undefined;
}
