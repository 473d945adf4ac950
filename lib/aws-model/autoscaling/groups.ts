import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { GroupSettings } from '../autoscaling-types.ts';
import { after, type Context, type Handlers } from '../context.ts';
import { alreadyExists, limitExceeded, resourceInUse, scalingInProgress, validation } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { paginate } from '../pages.ts';
import { draw, drawUuid } from '../random.ts';
import { candidatesOf } from './configuration.ts';
import { HEALTH_MS } from './health.ts';
import { putHook } from './hook-calls.ts';
import { needGroup } from './lookup.ts';
import { endMember, isLeaving, terminateMember, touch } from './members.ts';
import type { GroupState } from './state.ts';
import { setTags } from './tags.ts';
import { TERMINATION_POLICIES } from './victims.ts';
import { groupView } from './views.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
export const MOST_GROUPS = 500;

export const groupCalls = {
  createAutoScalingGroup(
    context,
    { AutoScalingGroupName: name, Tags = [], LifecycleHookSpecificationList = [], ...input },
  ) {
    const { autoscaling, settings, random, now } = context.state;
    if (autoscaling.groups.has(name))
      throw alreadyExists(
        `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
      );
    if (autoscaling.groups.size >= MOST_GROUPS)
      throw limitExceeded(`There are already ${MOST_GROUPS} Auto Scaling groups`);
    const group: GroupState = {
      name,
      arn: `arn:aws:autoscaling:${settings.region}:${settings.account}:autoScalingGroup:${drawUuid(random)}:autoScalingGroupName/${name}`,
      createdAt: now,
      min: input.MinSize,
      max: input.MaxSize,
      desired: input.DesiredCapacity ?? input.MinSize,
      launchTemplate: undefined,
      mixedInstancesPolicy: undefined,
      settings: {},
      subnets: [],
      tags: [],
      members: new Map(),
      hooks: new Map(),
      suspended: new Map(),
      metrics: [],
      policies: new Map(),
      schedules: new Map(),
      refreshes: [],
      deleting: false,
      launchAfter: 0,
    };
    if (input.LaunchTemplate === undefined && input.MixedInstancesPolicy === undefined)
      throw validation(
        'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
      );
    configure(context, group, input);
    for (const hook of LifecycleHookSpecificationList) putHook(group, hook);
    setTags(group, Tags);
    autoscaling.groups.set(name, group);
    const phase = Math.round(draw(random, 'phase') * HEALTH_MS);
    after(context, phase, { kind: 'autoscaling.health', group: name, createdAt: now });
    touch(context, group);
    return {};
  },

  updateAutoScalingGroup(context, { AutoScalingGroupName, ...input }) {
    const group = needGroup(context, AutoScalingGroupName);
    configure(context, group, input);
    touch(context, group);
    return {};
  },

  deleteAutoScalingGroup(context, { AutoScalingGroupName, ForceDelete }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (ForceDelete !== true && group.members.size > 0)
      throw resourceInUse(
        'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
      );
    group.deleting = true;
    group.min = group.max = group.desired = 0;
    if (ForceDelete === true)
      // Hooks are not run: what waits in one ends at once.
      for (const member of [...group.members.values()]) {
        if (isLeaving(member)) endMember(context, group, member);
        else
          terminateMember(context, group, member, { cause: 'the Auto Scaling group is being deleted.', hooks: false });
      }
    touch(context, group);
    return {};
  },

  describeAutoScalingGroups(context, { AutoScalingGroupNames, Filters = [], IncludeInstances, MaxRecords, NextToken }) {
    const all = [...context.state.autoscaling.groups.values()];
    const chosen = all.filter(
      (group) =>
        (AutoScalingGroupNames === undefined ||
          AutoScalingGroupNames.length === 0 ||
          AutoScalingGroupNames.includes(group.name)) &&
        Filters.every(({ Name = '', Values = [] }) => tagMatches(group, Name, Values)),
    );
    checkPage(MaxRecords, BATCH.describeAutoScalingGroups);
    const { items, ...page } = paginate(chosen, NextToken, MaxRecords ?? 50);
    return { AutoScalingGroups: items.map((group) => groupView(context, group, IncludeInstances ?? true)), ...page };
  },

  setDesiredCapacity(context, { AutoScalingGroupName, DesiredCapacity, HonorCooldown }) {
    const group = needGroup(context, AutoScalingGroupName);
    if (DesiredCapacity > group.max)
      throw validation(
        `New SetDesiredCapacity value ${DesiredCapacity} is above max value ${group.max} for the AutoScalingGroup.`,
      );
    if (DesiredCapacity < group.min)
      throw validation(
        `New SetDesiredCapacity value ${DesiredCapacity} is below min value ${group.min} for the AutoScalingGroup.`,
      );
    if (HonorCooldown === true && coolsDown(context, group, group.settings.DefaultCooldown ?? 300))
      throw scalingInProgress([...context.state.autoscaling.activities.keys()].at(-1) ?? group.name);
    group.desired = DesiredCapacity;
    touch(context, group);
    return {};
  },
} satisfies Handlers<AutoScaling>;

export function coolsDown({ state }: Context, { scaledAt }: GroupState, seconds: number): boolean {
  return scaledAt !== undefined && state.now < scaledAt + seconds * 1000;
}

export function checkPage(records: number | undefined, most: number): void {
  if (records !== undefined && (records < 1 || records > most))
    throw validation(
      `1 validation error detected: Value '${records}' at 'maxRecords' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    );
}

/** Sets what was said, and refuses what cannot be before anything changes. */
function configure(context: Context, group: GroupState, input: GroupSettings): void {
  const { MinSize, MaxSize, DesiredCapacity, LaunchTemplate, MixedInstancesPolicy, ...settings } = input;
  const min = MinSize ?? group.min;
  const max = MaxSize ?? group.max;
  const negative = [MinSize, MaxSize, DesiredCapacity].find((size) => size !== undefined && size < 0);
  if (negative !== undefined)
    throw validation(
      `Value '${negative}' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    );
  if (max < min) throw validation(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  const desired = DesiredCapacity ?? Math.min(max, Math.max(min, group.desired));
  if (desired < min || desired > max)
    throw validation(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
  checkSettings(settings);
  if (LaunchTemplate !== undefined || MixedInstancesPolicy !== undefined) {
    if (LaunchTemplate !== undefined && MixedInstancesPolicy !== undefined)
      throw validation('Valid requests must contain either LaunchTemplate or MixedInstancesPolicy, not both.');
    const configuration = { launchTemplate: LaunchTemplate, mixedInstancesPolicy: MixedInstancesPolicy };
    candidatesOf(context, configuration);
    Object.assign(group, configuration);
  }
  const subnets = subnetIds(context, settings);
  if (subnets.length > 0) group.subnets.splice(0, group.subnets.length, ...subnets);
  if (group.subnets.length === 0) throw validation('At least one Availability Zone or VPC Subnet is required.');
  Object.assign(group, { min, max, desired });
  const said = Object.entries(settings).filter(([, value]) => value !== undefined);
  group.settings = { ...group.settings, ...Object.fromEntries(said) };
}

function checkSettings({
  TerminationPolicies = [],
  MaxInstanceLifetime,
  InstanceMaintenancePolicy,
  HealthCheckType,
}: GroupSettings): void {
  const unknown = TerminationPolicies.find((policy) => !TERMINATION_POLICIES.includes(policy));
  if (unknown !== undefined) throw validation(`The termination policy ${unknown} is not valid`);
  if (MaxInstanceLifetime !== undefined && MaxInstanceLifetime !== 0 && MaxInstanceLifetime < 86_400)
    throw validation(
      `Maximum instance lifetime ${MaxInstanceLifetime} is not valid: it must be 0 or at least 86400 seconds`,
    );
  const { MinHealthyPercentage: least = 90, MaxHealthyPercentage: most = 100 } = InstanceMaintenancePolicy ?? {};
  if (least > 100 || most > 200 || (most >= 0 && most < 100) || most - least > 100)
    throw validation(
      'The instance maintenance policy needs a minimum of 0 to 100, a maximum of 100 to 200, and at most 100 between them',
    );
  if (
    HealthCheckType !== undefined &&
    !/^(EC2|ELB|EBS|VPC_LATTICE)(,(EC2|ELB|EBS|VPC_LATTICE))*$/.test(HealthCheckType)
  )
    throw validation(`Invalid Health Check Type: ${HealthCheckType}`);
}

/** The subnets that are named, or all of the zones that are. */
function subnetIds({ state }: Context, { VPCZoneIdentifier, AvailabilityZones = [] }: GroupSettings): string[] {
  const { subnets } = state.ec2;
  if (VPCZoneIdentifier !== undefined && VPCZoneIdentifier !== '') {
    const ids = VPCZoneIdentifier.split(',').map((id) => id.trim());
    for (const id of ids) if (!subnets.has(id)) throw validation(`The subnet ID '${id}' does not exist`);
    return ids;
  }
  return [...subnets.values()].filter(({ zone }) => AvailabilityZones.includes(zone)).map(({ id }) => id);
}

function tagMatches({ tags }: GroupState, name: string, values: readonly string[]): boolean {
  if (name === 'tag-key') return tags.some(({ Key }) => values.includes(Key));
  if (name === 'tag-value') return tags.some(({ Value }) => values.includes(Value));
  if (name.startsWith('tag:')) return tags.some(({ Key, Value }) => Key === name.slice(4) && values.includes(Value));
  throw validation(`The filter ${name} is not valid`);
}
