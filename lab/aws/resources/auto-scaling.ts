import { AwsError } from '../aws-error.ts';
import { text } from '../json.ts';
import { property, simple, withName } from './define.ts';
import type { Making, ResourceType } from './resource-type.ts';

const type = (name: string): string => `AWS::AutoScaling::${name}`;

function checkGroup({ properties }: Making): void {
  const size = (name: string): number | undefined => {
    const written = text(properties[name]);
    return written === undefined ? undefined : Number(written);
  };
  const [least = 0, most = 0, desired] = [size('MinSize'), size('MaxSize'), size('DesiredCapacity')];
  if (least > most)
    throw new AwsError('ValidationError', `Max bound, ${most}, must be greater than or equal to min bound, ${least}`);
  if (desired !== undefined && (desired < least || desired > most))
    throw new AwsError(
      'ValidationError',
      `Desired capacity:${desired} must be between the specified min size:${least} and max size:${most}`,
    );
}

function checkOfGroup(making: Making): void {
  const group = property(making, 'AutoScalingGroupName');
  if (making.realm.find(type('AutoScalingGroup'), group) === undefined)
    throw new AwsError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup '${group}' not found`);
}

const groupArn = (making: Making, name: string): string =>
  making.realm.arn('autoscaling', `autoScalingGroup:${making.realm.world.ids.uuid()}:autoScalingGroupName/${name}`);

export const autoScalingTypes: readonly ResourceType[] = [
  simple(type('AutoScalingGroup'), {
    id: withName('AutoScalingGroupName', 255),
    check: checkGroup,
    attributes: (making, id) => ({ AutoScalingGroupARN: groupArn(making, id) }),
    update: ({ attributes }) => attributes,
  }),
  simple(type('LifecycleHook'), {
    id: withName('LifecycleHookName', 255),
    check: (making) => {
      checkOfGroup(making);
      const timeout = Number(text(making.properties['HeartbeatTimeout']) ?? 3600);
      if (timeout < 30 || timeout > 7200)
        throw new AwsError('ValidationError', 'HeartbeatTimeout must be between 30 and 7200 seconds');
    },
  }),
  simple(type('WarmPool'), { id: (making) => property(making, 'AutoScalingGroupName'), check: checkOfGroup }),
  simple(type('ScalingPolicy'), {
    id: (making) =>
      making.realm.arn(
        'autoscaling',
        `scalingPolicy:${making.realm.world.ids.uuid()}:autoScalingGroupName/${property(making, 'AutoScalingGroupName')}:policyName/${withName('PolicyName', 255)(making)}`,
      ),
    check: checkOfGroup,
    attributes: (_, id) => ({ Arn: id, PolicyName: id.split('policyName/')[1] ?? '' }),
  }),
  simple(type('ScheduledAction'), {
    id: (making) => making.name(255),
    check: checkOfGroup,
    attributes: (_, id) => ({ ScheduledActionName: id }),
  }),
];
