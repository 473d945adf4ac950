import { validationError } from '../aws-error.ts';
import type { JsonObject } from '../json.ts';
import { defined, strings, text } from '../json.ts';
import type { CallContext, Calls } from '../service.ts';
import { queryService } from '../wire/query.ts';
import type { Resource } from '../world.ts';
import { fleetOf, type Instance } from './fleet.ts';

/** Of the SetInstanceProtection and DescribeAutoScalingInstances pages. */
const MOST_IDS = 50;

const calls: Calls = {
  DescribeAutoScalingGroups: {
    takes: ['AutoScalingGroupNames', 'MaxRecords', 'NextToken'],
    run: (input, { realm }) => {
      const wanted = strings(input['AutoScalingGroupNames']);
      const fleet = fleetOf(realm);
      const found = fleet.groups().filter(({ physicalId }) => wanted.length === 0 || wanted.includes(physicalId));
      const instances = fleet.instances();
      return {
        AutoScalingGroups: found.map((group) =>
          showGroup(
            group,
            instances.filter((each) => each.group === group.physicalId),
          ),
        ),
      };
    },
  },
  DescribeAutoScalingInstances: {
    takes: ['InstanceIds', 'MaxRecords', 'NextToken'],
    run: (input, { realm }) => {
      const wanted = strings(input['InstanceIds']);
      const most = Number(text(input['MaxRecords']) ?? MOST_IDS);
      if (wanted.length > MOST_IDS || most > MOST_IDS) throw tooMany();
      const all = fleetOf(realm)
        .instances()
        .filter(({ id }) => wanted.length === 0 || wanted.includes(id));
      const start = Number(text(input['NextToken']) ?? 0);
      const page = all
        .slice(start, start + most)
        .map((instance) => ({ ...show(instance), AutoScalingGroupName: instance.group }));
      return defined({
        AutoScalingInstances: page,
        NextToken: start + most < all.length ? String(start + most) : undefined,
      });
    },
  },
  CompleteLifecycleAction: {
    takes: ['LifecycleHookName', 'AutoScalingGroupName', 'LifecycleActionToken', 'LifecycleActionResult', 'InstanceId'],
    run: (input, context) => {
      const result = text(input['LifecycleActionResult']);
      if (result !== 'CONTINUE' && result !== 'ABANDON')
        throw validationError(`LifecycleActionResult must be CONTINUE or ABANDON, not ${result ?? 'missing'}`);
      const { instance, action } = actionOf(input, context);
      fleetOf(context.realm).complete(instance, action, result);
      return {};
    },
  },
  RecordLifecycleActionHeartbeat: {
    takes: ['LifecycleHookName', 'AutoScalingGroupName', 'LifecycleActionToken', 'InstanceId'],
    run: (input, context) => {
      fleetOf(context.realm).heartbeat(actionOf(input, context).action);
      return {};
    },
  },
  SetInstanceProtection: {
    takes: ['InstanceIds', 'AutoScalingGroupName', 'ProtectedFromScaleIn'],
    run: (input, { realm }) => {
      const ids = strings(input['InstanceIds']);
      if (ids.length > MOST_IDS) throw tooMany();
      const fleet = fleetOf(realm);
      const group = text(input['AutoScalingGroupName']) ?? '';
      fleet.needGroup(group);
      const instances = ids.map((id) => fleet.need(id));
      for (const { id, state, group: own } of instances) {
        if (own !== group) throw validationError(`The instance ${id} is not part of Auto Scaling group ${group}.`);
        if (state !== 'InService')
          throw validationError(`The instance ${id} is not in InService or EnteringStandby or Standby.`);
      }
      // One wrong id refuses the whole call, so all were looked at first.
      for (const instance of instances) instance.protectedFromScaleIn = text(input['ProtectedFromScaleIn']) === 'true';
      return {};
    },
  },
};

function actionOf(input: JsonObject, { realm }: CallContext) {
  const fleet = fleetOf(realm);
  const group = text(input['AutoScalingGroupName']) ?? '';
  fleet.needGroup(group);
  return fleet.action(group, text(input['LifecycleHookName']) ?? '', {
    token: text(input['LifecycleActionToken']),
    instanceId: text(input['InstanceId']),
  });
}

const tooMany = () =>
  validationError(
    '1 validation error detected: Value at instanceIds failed to satisfy constraint: Member must have length less than or equal to 50',
  );

function show(instance: Instance): JsonObject {
  return {
    InstanceId: instance.id,
    InstanceType: instance.type,
    AvailabilityZone: instance.zone,
    LifecycleState: instance.state,
    HealthStatus: 'HEALTHY',
    ProtectedFromScaleIn: instance.protectedFromScaleIn,
  };
}

function showGroup({ physicalId, properties, attributes }: Resource, instances: readonly Instance[]): JsonObject {
  const number = (name: string): number => Number(text(properties[name]) ?? 0);
  return {
    AutoScalingGroupName: physicalId,
    AutoScalingGroupARN: text(attributes['AutoScalingGroupARN']) ?? '',
    MinSize: number('MinSize'),
    MaxSize: number('MaxSize'),
    DesiredCapacity: properties['DesiredCapacity'] === undefined ? number('MinSize') : number('DesiredCapacity'),
    DefaultCooldown: properties['Cooldown'] === undefined ? 300 : number('Cooldown'),
    VPCZoneIdentifier: strings(properties['VPCZoneIdentifier']).join(','),
    HealthCheckType: text(properties['HealthCheckType']) ?? 'EC2',
    HealthCheckGracePeriod: number('HealthCheckGracePeriod'),
    NewInstancesProtectedFromScaleIn: text(properties['NewInstancesProtectedFromScaleIn']) === 'true',
    Instances: instances.map(show),
  };
}

export const autoscaling = queryService(
  { service: 'autoscaling', version: '2011-01-01', namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/' },
  calls,
);
