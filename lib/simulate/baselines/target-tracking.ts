import type { Contender, FleetSizes } from '../contender.ts';
import { bareFleet, GROUP } from './bare-fleet.ts';
import { groupMetric, math, steady, WAITING } from './metrics.ts';

export interface TargetTrackingSettings {
  /** Waiting jobs an instance. */
  readonly target: number;
  /** Seconds until an instance counts. @default 300 (PutScalingPolicy, `EstimatedInstanceWarmup`) */
  readonly warmup?: number;
}

/** On the backlog of each instance, as AWS advises (EC2 Auto Scaling user guide, "Scaling policy based on Amazon SQS"). Of an empty fleet it is that of one. */
export function targetTracking(sizes: FleetSizes, { target, warmup = 300 }: TargetTrackingSettings): Contender {
  const [waiting, inService] = [steady('waiting'), steady('inService')];
  const backlog = math(`IF(${inService} > 0, ${waiting} / ${inService}, ${waiting})`);
  return {
    name: 'target tracking',
    fleet: {
      ...bareFleet(sizes),
      policies: [
        {
          ...{ AutoScalingGroupName: GROUP, PolicyName: 'tracking', PolicyType: 'TargetTrackingScaling' },
          EstimatedInstanceWarmup: warmup,
          TargetTrackingConfiguration: {
            TargetValue: target,
            CustomizedMetricSpecification: {
              Metrics: [WAITING, groupMetric('inService', 'GroupInServiceInstances'), backlog],
            },
          },
        },
      ],
    },
  };
}
