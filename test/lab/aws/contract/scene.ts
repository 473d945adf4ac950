import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  type Instance as Member,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  type Instance,
  type RequestLaunchTemplateData,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { type Target, until } from './rule.ts';

export const IMAGE = 'ami-0a1b2c3d4e5f60001';
export const GROUP = 'workers';
export const named = { AutoScalingGroupName: GROUP };

/** Runs instances in the first subnet. */
export async function run(
  target: Target,
  count: number,
  more: Partial<RunInstancesCommandInput> = {},
): Promise<string[]> {
  const { Instances = [] } = await target.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: IMAGE, InstanceType: 'm6g.large', MinCount: count, MaxCount: count },
      ...{ SubnetId: target.subnets[0]!.id, ...more },
    }),
  );
  return Instances.map(({ InstanceId }) => InstanceId!);
}

/** By filter: an id that was just made may not be found yet. */
export async function described(target: Target, ids: readonly string[]): Promise<Instance[]> {
  const Filters = [{ Name: 'instance-id', Values: [...ids] }];
  const { Reservations = [] } = await target.ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

export async function states(target: Target, ids: readonly string[]): Promise<string[]> {
  return (await described(target, ids)).map(({ State }) => State!.Name!);
}

export async function running(
  target: Target,
  count: number,
  more: Partial<RunInstancesCommandInput> = {},
): Promise<string[]> {
  const ids = await run(target, count, more);
  await until(target, 'running', async () => {
    const now = await states(target, ids);
    return now.length === count && now.every((state) => state === 'running');
  });
  // As long as a new id may not be found.
  await target.pass(10);
  return ids;
}

export async function template(
  target: Target,
  data: RequestLaunchTemplateData = {},
  LaunchTemplateName = GROUP,
): Promise<string> {
  const { LaunchTemplate } = await target.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ImageId: IMAGE, InstanceType: 'm6g.large', ...data },
    }),
  );
  return LaunchTemplate!.LaunchTemplateId!;
}

export type GroupInput = Partial<CreateAutoScalingGroupCommandInput>;

/** A group of none to ten in three zones, with a launch template of its own. */
export async function group(
  target: Target,
  more: GroupInput = {},
  data: RequestLaunchTemplateData = {},
): Promise<void> {
  await template(target, data);
  await target.autoscaling.send(
    new CreateAutoScalingGroupCommand({
      ...{ ...named, MinSize: 0, MaxSize: 10, DesiredCapacity: 0 },
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: '$Latest' },
      VPCZoneIdentifier: target.subnets.map(({ id }) => id).join(','),
      ...more,
    }),
  );
}

export async function theGroup(target: Target): Promise<AutoScalingGroup> {
  const { AutoScalingGroups } = await target.autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [GROUP] }),
  );
  return AutoScalingGroups![0]!;
}

export async function members(target: Target, state?: string): Promise<Member[]> {
  const { Instances = [] } = await theGroup(target);
  return state === undefined ? Instances : Instances.filter(({ LifecycleState }) => LifecycleState === state);
}

export async function idsIn(target: Target, state: string): Promise<string[]> {
  return (await members(target, state)).map(({ InstanceId }) => InstanceId!);
}

/** So many members in a state, and no others in it. */
export function settled(target: Target, count: number, state = 'InService'): Promise<void> {
  return until(target, `${count} members ${state}`, async () => (await members(target, state)).length === count);
}

/** A group with so many instances in service. */
export async function serving(
  target: Target,
  count: number,
  more: GroupInput = {},
  data: RequestLaunchTemplateData = {},
): Promise<string[]> {
  await group(target, { DesiredCapacity: count, ...more }, data);
  await settled(target, count);
  return idsIn(target, 'InService');
}

export function desire(target: Target, DesiredCapacity: number, HonorCooldown = false) {
  return target.autoscaling.send(new SetDesiredCapacityCommand({ ...named, DesiredCapacity, HonorCooldown }));
}

export function hook(transition: 'LAUNCHING' | 'TERMINATING', more: object = {}) {
  return {
    ...{ LifecycleHookName: transition.toLowerCase(), LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}` },
    ...{ HeartbeatTimeout: 300, DefaultResult: 'ABANDON', ...more },
  };
}

export async function hooks(target: Target) {
  return (await target.autoscaling.send(new DescribeLifecycleHooksCommand(named))).LifecycleHooks ?? [];
}
