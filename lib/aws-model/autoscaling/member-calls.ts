import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { Activity } from '../autoscaling-types.ts';
import type { Context, Handlers } from '../context.ts';
import { needMachines } from '../ec2/machines.ts';
import { mergeTags } from '../ec2/run.ts';
import { validation } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { paginate } from '../pages.ts';
import { begin, progress } from './activities.ts';
import { checkPage } from './groups.ts';
import { inGracePeriod } from './health.ts';
import { groupTags, launchMembers } from './launch.ts';
import { checkBatch, findMember, needGroup, needMember, needMembers } from './lookup.ts';
import { admit, arrived, isActive, isWarm, move, removeMember, settleSoon, terminateMember, touch } from './members.ts';
import type { GroupState, Member } from './state.ts';
import { memberView } from './views.ts';

export const memberCalls = {
  describeAutoScalingInstances(context, { InstanceIds, MaxRecords, NextToken }) {
    const { groups } = context.state.autoscaling;
    if (InstanceIds !== undefined) checkBatch(InstanceIds, BATCH.describeAutoScalingInstances);
    checkPage(MaxRecords, BATCH.describeAutoScalingInstances);
    const views = (group: GroupState, members: Iterable<Member>) =>
      [...members].map((member) => ({ ...memberView(member), AutoScalingGroupName: group.name }));
    const chosen =
      InstanceIds === undefined
        ? [...groups.values()].flatMap((group) => views(group, group.members.values()))
        : InstanceIds.map((id) => findMember(context, id)).flatMap((found) =>
            found === undefined ? [] : views(found.group, [found.member]),
          );
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? BATCH.describeAutoScalingInstances);
    return { AutoScalingInstances: items, ...page };
  },

  attachInstances(context, { AutoScalingGroupName, InstanceIds = [] }) {
    const group = needGroup(context, AutoScalingGroupName);
    checkBatch(InstanceIds, BATCH.attachInstances);
    const machines = needMachines(context, InstanceIds);
    const zones = new Set(group.subnets.map((id) => context.state.ec2.subnets.get(id)?.zone));
    for (const machine of machines) {
      if (findMember(context, machine.id) !== undefined)
        throw validation(`Instance ${machine.id} is already in an Auto Scaling group.`);
      if (machine.state !== 'running')
        throw validation(`Instance ${machine.id} is not in correct state. Instance(s) must be in 'running' state.`);
      if (!zones.has(machine.zone))
        throw validation(
          `Instance ${machine.id} is in ${machine.zone}, which is no Availability Zone of ${group.name}.`,
        );
    }
    grow(group, InstanceIds.length, 'attach');
    for (const machine of machines) {
      const { id, zone, type, image, purchase, template, launchedAt } = machine;
      const activity = about(context, group, `Attaching an existing EC2 instance: ${id}`, zone);
      const member: Member = {
        ...{ id, zone, type, image, purchase, template, launchedAt },
        state: 'Pending',
        healthy: true,
        protected: group.settings.NewInstancesProtectedFromScaleIn ?? false,
        waits: [],
        activity: activity.ActivityId,
        reuse: false,
      };
      machine.tags = mergeTags(machine.tags, groupTags(group));
      group.members.set(id, member);
      context.state.autoscaling.groupOf.set(id, group.name);
      move(context, group, member, 'Pending');
      arrived(context, group, member);
    }
    return {};
  },

  detachInstances(context, { AutoScalingGroupName, InstanceIds = [], ShouldDecrementDesiredCapacity }) {
    const group = needGroup(context, AutoScalingGroupName);
    checkBatch(InstanceIds, BATCH.detachInstances);
    const members = needMembers(group, InstanceIds);
    for (const { id, state } of members)
      if (state !== 'InService' && state !== 'Standby')
        throw validation(`The instance ${id} is not in InService or Standby.`);
    if (ShouldDecrementDesiredCapacity) shrink(group, members.filter(isActive).length, 'detach');
    const Activities = members.map((member) => {
      const activity = about(context, group, `Detaching EC2 instance: ${member.id}`, member.zone);
      member.activity = activity.ActivityId;
      move(context, group, member, 'Detaching');
      settleSoon(context, group, member);
      return activity;
    });
    return { Activities };
  },

  enterStandby(context, { AutoScalingGroupName, InstanceIds = [], ShouldDecrementDesiredCapacity }) {
    const group = needGroup(context, AutoScalingGroupName);
    checkBatch(InstanceIds, BATCH.enterStandby);
    const members = needMembers(group, InstanceIds);
    for (const { id, state } of members)
      if (state !== 'InService') throw validation(`The instance ${id} is not in InService.`);
    if (ShouldDecrementDesiredCapacity) shrink(group, members.length, 'place into standby');
    const Activities = members.map((member) => {
      const activity = about(context, group, `Moving EC2 instance to Standby: ${member.id}`, member.zone);
      member.activity = activity.ActivityId;
      move(context, group, member, 'EnteringStandby');
      settleSoon(context, group, member);
      return activity;
    });
    return { Activities };
  },

  exitStandby(context, { AutoScalingGroupName, InstanceIds = [] }) {
    const group = needGroup(context, AutoScalingGroupName);
    checkBatch(InstanceIds, BATCH.exitStandby);
    const members = needMembers(group, InstanceIds);
    for (const { id, state } of members)
      if (state !== 'Standby') throw validation(`The instance ${id} is not in Standby.`);
    grow(group, members.length, 'move out of standby');
    const Activities = members.map((member) => {
      const activity = about(context, group, `Moving EC2 instance out of Standby: ${member.id}`, member.zone);
      member.activity = activity.ActivityId;
      // Hooks are not run.
      move(context, group, member, 'Pending:Proceed');
      settleSoon(context, group, member);
      return activity;
    });
    return { Activities };
  },

  setInstanceHealth(context, { InstanceId, HealthStatus, ShouldRespectGracePeriod }) {
    const { group, member } = needMember(context, InstanceId);
    if (HealthStatus !== 'Healthy' && HealthStatus !== 'Unhealthy')
      throw validation(`The health status ${HealthStatus} is not valid: it must be Healthy or Unhealthy`);
    if ((ShouldRespectGracePeriod ?? true) && inGracePeriod(context, group, member)) return {};
    member.healthy = HealthStatus === 'Healthy';
    touch(context, group);
    return {};
  },

  setInstanceProtection(context, { AutoScalingGroupName, InstanceIds, ProtectedFromScaleIn }) {
    const group = needGroup(context, AutoScalingGroupName);
    checkBatch(InstanceIds, BATCH.setInstanceProtection);
    const members = needMembers(group, InstanceIds);
    for (const member of members)
      if (!isActive(member) && member.state !== 'Standby' && !isWarm(member))
        throw validation(`The instance ${member.id} is not in InService or EnteringStandby or Standby.`);
    for (const member of members) member.protected = ProtectedFromScaleIn;
    // What was spared may go now.
    touch(context, group);
    return {};
  },

  terminateInstanceInAutoScalingGroup(context, { InstanceId = '', ShouldDecrementDesiredCapacity }) {
    const { group, member } = needMember(context, InstanceId);
    if (ShouldDecrementDesiredCapacity && isActive(member)) {
      if (group.desired - 1 < group.min)
        throw validation(
          `Currently, desiredSize equals minSize (${group.min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      group.desired -= 1;
    }
    if (member.state.endsWith(':Retained')) member.state = 'InService';
    const cause = 'instance was taken out of service in response to a user request.';
    const id = terminateMember(context, group, member, { cause });
    return {
      Activity:
        context.state.autoscaling.activities.get(id) ??
        about(context, group, `Terminating EC2 instance: ${InstanceId}`, member.zone),
    };
  },

  launchInstances(context, { AutoScalingGroupName, RequestedCapacity, AvailabilityZones, SubnetIds, RetryStrategy }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (!(RequestedCapacity >= 1) || RequestedCapacity > BATCH.launchInstances)
      throw validation(
        `The requested capacity ${RequestedCapacity} is not valid: it must be between 1 and ${BATCH.launchInstances}`,
      );
    if (group.subnets.length > 1 && AvailabilityZones === undefined && SubnetIds === undefined)
      throw validation(
        'Either AvailabilityZones or SubnetIds must be specified for groups with multiple Availability Zones',
      );
    if (group.desired + RequestedCapacity > group.max)
      throw validation(
        `The desired capacity ${group.desired} and the requested capacity ${RequestedCapacity} are above max value ${group.max} for the AutoScalingGroup.`,
      );
    const { launched, faults } = launchMembers(context, group, {
      count: RequestedCapacity,
      cause: 'instances were started in response to a LaunchInstances request.',
      ...(AvailabilityZones !== undefined && { zones: AvailabilityZones }),
      ...(SubnetIds !== undefined && { subnets: SubnetIds }),
    });
    group.desired += RetryStrategy === 'retry-with-group-configuration' ? RequestedCapacity : launched.length;
    touch(context, group);
    const Instances = launched.map(({ id, type, zone }) => ({
      InstanceIds: [id],
      InstanceType: type,
      AvailabilityZone: zone,
      SubnetId: context.state.ec2.machines.get(id)?.subnet ?? '',
    }));
    const Errors = faults.map(({ zone, fault }) => ({
      AvailabilityZone: zone,
      ErrorCode: fault.code,
      ErrorMessage: fault.message,
    }));
    return { AutoScalingGroupName, Instances, Errors };
  },
} satisfies Handlers<AutoScaling>;

/** What moves by itself. */
export function settle(context: Context, group: GroupState, member: Member): void {
  if (member.state === 'EnteringStandby') {
    move(context, group, member, 'Standby');
    progress(context, member, 'Successful', 100);
  } else if (member.state === 'Pending:Proceed') admit(context, group, member);
  else if (member.state === 'Detaching') detach(context, group, member);
}

function detach(context: Context, group: GroupState, member: Member): void {
  const machine = context.state.ec2.machines.get(member.id);
  if (machine !== undefined) machine.tags = machine.tags.filter(({ Key }) => Key !== 'aws:autoscaling:groupName');
  removeMember(context, group, member, 'Detached');
}

function about(context: Context, group: GroupState, description: string, zone: string): Activity {
  return begin(context, group, {
    description,
    cause: 'instances were changed in response to a user request.',
    status: 'InProgress',
    zone,
  });
}

function shrink(group: GroupState, by: number, verb: string): void {
  if (group.desired - by < group.min) throw sizes(group, by, verb);
  group.desired -= by;
}

function grow(group: GroupState, by: number, verb: string): void {
  if (group.desired + by > group.max) throw sizes(group, by, verb);
  group.desired += by;
}

function sizes(group: GroupState, by: number, verb: string): Error {
  return validation(
    `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To ${verb} ${by} more instances, please update the AutoScalingGroup sizes appropriately.`,
  );
}
