import { MODELS } from '../api/models.ts';
import { modelledService } from '../api/service.ts';
import { needRolesOf } from '../iam/service-linked-roles.ts';
import { callModel } from '../model/call.ts';

/** Of DescribeScalingProcessTypes: autoscaling/ec2/userguide/as-suspend-resume-processes.html */
const PROCESSES = [
  ...['AZRebalance', 'AddToLoadBalancer', 'AlarmNotification', 'HealthCheck', 'InstanceRefresh', 'Launch'],
  ...['ReplaceUnhealthy', 'ScheduledActions', 'Terminate'],
];

/** EC2 Auto Scaling: the realm's model answers. */
export const autoscaling = modelledService(
  { name: 'autoscaling', model: MODELS.autoscaling, protocol: 'query' },
  (name, input, { realm }) => {
    if (name === 'DescribeScalingProcessTypes') return { Processes: PROCESSES.map((ProcessName) => ({ ProcessName })) };
    const output = callModel(realm, 'autoscaling', name, input);
    if (name === 'CreateAutoScalingGroup') needRolesOf(realm, input);
    return output;
  },
);
