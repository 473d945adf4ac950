import { GROUP, type World } from './world.ts';

/** What is so in the world, whatever anybody was told of it. */
export function truthOf(world: World) {
  const { ec2, autoscaling } = world.model;
  const [group] = autoscaling.describeAutoScalingGroups({ AutoScalingGroupNames: [GROUP] }).AutoScalingGroups;
  const members = new Map(group?.Instances.map((each) => [each.InstanceId, each]));
  const instances = ec2
    .describeInstances({ MaxResults: 1000 })
    .Reservations.flatMap((each) => each.Instances)
    .filter(({ State }) => State.Name === 'running' || State.Name === 'pending');
  const pool =
    group?.WarmPoolConfiguration === undefined
      ? []
      : autoscaling.describeWarmPool({ AutoScalingGroupName: GROUP }).Instances;
  const known = new Set([...members.keys(), ...pool.map(({ InstanceId }) => InstanceId)]);
  return {
    desired: group?.DesiredCapacity ?? 0,
    /** In the group, with an agent that takes jobs. */
    serving: [...members.values()].filter((each) => each.LifecycleState === 'InService' && world.works(each.InstanceId))
      .length,
    /** Running, paid for, and in nobody's hands. */
    stranded: instances.filter(({ InstanceId }) => !known.has(InstanceId)).map(({ InstanceId }) => InstanceId),
    suspended: group?.SuspendedProcesses.map(({ ProcessName }) => ProcessName) ?? [],
    /** Stopped workers on machines of the group. */
    idleHands: [...members.values()].filter(
      (each) => each.LifecycleState === 'InService' && !world.works(each.InstanceId),
    ).length,
  };
}
