import type { FleetSizes } from '../contender.ts';
import type { FleetDefinition } from '../fleet/definition.ts';

export const GROUP = 'workers';
export const QUEUE = 'jobs';

/** A fleet that nothing scales, with the hooks that workers need: those of the shipped cluster. */
export function bareFleet({ minimum, maximum }: FleetSizes): FleetDefinition {
  return {
    queue: QUEUE,
    group: {
      ...{ AutoScalingGroupName: GROUP, MinSize: minimum, MaxSize: maximum, HealthCheckType: 'EC2' },
      LifecycleHookSpecificationList: [
        {
          ...{ LifecycleHookName: 'first-heartbeat', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
          ...{ HeartbeatTimeout: 600, DefaultResult: 'ABANDON' },
        },
        {
          ...{ LifecycleHookName: 'drain', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING' },
          ...{ HeartbeatTimeout: 300, DefaultResult: 'CONTINUE' },
        },
      ],
    },
    policies: [],
    alarms: [],
    schedules: [],
  };
}
