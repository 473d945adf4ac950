import type { Contender, FleetSizes } from '../contender.ts';
import { bareFleet, GROUP } from './bare-fleet.ts';
import { math, steady, WAITING } from './metrics.ts';

export interface StepScalingSettings {
  /** Waiting jobs for which one instance is added. */
  readonly jobs: number;
  /** Minutes without a waiting job until it scales in. @default 5 */
  readonly inMinutes?: number;
  /** Percent of the fleet that goes each minute then. @default 10 */
  readonly inPercent?: number;
  /** Seconds until an instance counts. @default 300 (PutScalingPolicy, `EstimatedInstanceWarmup`) */
  readonly warmup?: number;
}

/** Lower bounds of steps, in instances that the queue asks for. */
const STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** On waiting jobs: out by as many instances as they ask for, in by a share of the fleet (EC2 Auto Scaling user guide, "Step and simple scaling policies"). */
export function stepScaling(
  sizes: FleetSizes,
  { jobs, inMinutes = 5, inPercent = 10, warmup = 300 }: StepScalingSettings,
): Contender {
  const wanted = math(`CEIL(${steady('waiting')} / ${jobs})`);
  return {
    name: 'step scaling',
    fleet: {
      ...bareFleet(sizes),
      policies: [
        {
          ...{ AutoScalingGroupName: GROUP, PolicyName: 'out', PolicyType: 'StepScaling' },
          ...{ AdjustmentType: 'ChangeInCapacity', EstimatedInstanceWarmup: warmup },
          StepAdjustments: STEPS.map((from, index) => {
            const next = STEPS[index + 1];
            return {
              ...{ MetricIntervalLowerBound: from - 1, ScalingAdjustment: from },
              ...(next === undefined ? {} : { MetricIntervalUpperBound: next - 1 }),
            };
          }),
        },
        {
          ...{ AutoScalingGroupName: GROUP, PolicyName: 'in', PolicyType: 'StepScaling' },
          ...{ AdjustmentType: 'PercentChangeInCapacity', MinAdjustmentMagnitude: 1 },
          StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -inPercent }],
        },
      ],
      alarms: [
        {
          ...{
            AlarmName: 'wanted',
            Metrics: [WAITING, wanted],
            AlarmActions: ['out'],
            TreatMissingData: 'notBreaching',
          },
          ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1, EvaluationPeriods: 1 },
        },
        {
          ...{ AlarmName: 'none-waits', Metrics: [WAITING, math(steady('waiting'))], AlarmActions: ['in'] },
          ...{ ComparisonOperator: 'LessThanOrEqualToThreshold', Threshold: 0, EvaluationPeriods: inMinutes },
          TreatMissingData: 'notBreaching',
        },
      ],
    },
  };
}
