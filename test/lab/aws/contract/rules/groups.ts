import {
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingProcessTypesCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  LaunchInstancesCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target, until } from '../rule.ts';
import {
  described,
  desire,
  GROUP,
  group,
  idsIn,
  members,
  named,
  serving,
  settled,
  states,
  template,
  theGroup,
} from '../scene.ts';

const api = (call: string): string => `autoscaling/ec2/APIReference/API_${call}.html`;
const guide = (page: string): string => `autoscaling/ec2/userguide/${page}.html`;
const UNKNOWN = 'i-0123456789abcdef0';

const update = (t: Target, more: object) =>
  t.autoscaling.send(new UpdateAutoScalingGroupCommand({ ...named, ...more }));
const end = (t: Target, InstanceId: string, ShouldDecrementDesiredCapacity: boolean) =>
  t.autoscaling.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity }));
const protect = (t: Target, InstanceIds: string[], ProtectedFromScaleIn = true) =>
  t.autoscaling.send(new SetInstanceProtectionCommand({ ...named, InstanceIds, ProtectedFromScaleIn }));
const sick = (t: Target, InstanceId: string, more: object = {}) =>
  t.autoscaling.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy', ...more }));
const suspend = (t: Target, ...ScalingProcesses: string[]) =>
  t.autoscaling.send(new SuspendProcessesCommand({ ...named, ScalingProcesses }));
const resume = (t: Target, ...ScalingProcesses: string[]) =>
  t.autoscaling.send(new ResumeProcessesCommand({ ...named, ScalingProcesses }));

/** All that may be refused on creation. */
const REFUSED: readonly (readonly [string, object, RegExp?])[] = [
  ['a minimum above its maximum', { MinSize: 5, MaxSize: 2 }],
  ['a desired capacity above its maximum', { MaxSize: 2, DesiredCapacity: 3 }],
  ['a desired capacity below its minimum', { MinSize: 2, DesiredCapacity: 1 }],
  ['a negative size', { MinSize: -1 }],
  ['a launch template that is not there', { LaunchTemplate: { LaunchTemplateName: 'none' } }],
  [
    'a template beside a mixed instances policy',
    { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: GROUP } } } },
  ],
  ['neither template nor policy', { LaunchTemplate: undefined }],
  ['neither subnets nor zones', { VPCZoneIdentifier: undefined }],
  ['a subnet that is not there', { VPCZoneIdentifier: 'subnet-0123456789abcdef0' }],
  ['a maximum lifetime below a day', { MaxInstanceLifetime: 3600 }],
  ['a kind of health check that does not exist', { HealthCheckType: 'HOPE' }],
  ['a termination policy that does not exist', { TerminationPolicies: ['Youngest'] }],
];

export const groupRules: readonly Rule[] = [
  ...REFUSED.map(([what, more]) =>
    rule(`a group is not created with ${what}`, api('CreateAutoScalingGroup'), async (t) => {
      await refused(group(t, more), 'ValidationError');
      const { AutoScalingGroups } = await t.autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
      expect(AutoScalingGroups).toEqual([]);
    }),
  ),
  rule('the name of a group is taken once', api('CreateAutoScalingGroup'), async (t) => {
    await group(t);
    await refused(
      t.autoscaling.send(
        new CreateAutoScalingGroupCommand({
          ...{ ...named, MinSize: 0, MaxSize: 1, VPCZoneIdentifier: t.subnets[0]!.id },
          LaunchTemplate: { LaunchTemplateName: GROUP },
        }),
      ),
      /^AlreadyExists/,
    );
  }),
  rule('a group without a desired capacity wants its minimum', api('CreateAutoScalingGroup'), async (t) => {
    await group(t, { MinSize: 2, DesiredCapacity: undefined });
    expect((await theGroup(t)).DesiredCapacity).toBe(2);
  }),
  rule(
    'defaults: cool-down 300 s, EC2 checks, no protection, policies Default',
    api('CreateAutoScalingGroup'),
    async (t) => {
      await group(t);
      expect(await theGroup(t)).toMatchObject({
        ...{ DefaultCooldown: 300, HealthCheckType: 'EC2', NewInstancesProtectedFromScaleIn: false },
        TerminationPolicies: ['Default'],
      });
    },
  ),
  rule(
    'a new group launches its desired capacity, pending first, then in service',
    guide('ec2-auto-scaling-lifecycle'),
    async (t) => {
      await group(t, { DesiredCapacity: 3 });
      expect(await idsIn(t, 'InService')).toEqual([]);
      await settled(t, 3);
      expect((await members(t)).map(({ HealthStatus }) => HealthStatus)).toEqual(Array(3).fill('Healthy'));
    },
  ),
  rule('instances are spread evenly over the zones', guide('auto-scaling-benefits'), async (t) => {
    await serving(t, 6);
    const zones = (await members(t)).map(({ AvailabilityZone }) => AvailabilityZone!);
    expect(t.subnets.map(({ zone }) => zones.filter((each) => each === zone).length)).toEqual([2, 2, 2]);
  }),
  rule('members carry the group’s tag aws:autoscaling:groupName', guide('ec2-auto-scaling-tagging'), async (t) => {
    const [machine] = await described(t, await serving(t, 1));
    expect(machine?.Tags).toContainEqual({ Key: 'aws:autoscaling:groupName', Value: GROUP });
  }),
  rule('tags are propagated at launch where they say so', guide('ec2-auto-scaling-tagging'), async (t) => {
    const tag = (Key: string, PropagateAtLaunch: boolean) => ({ Key, Value: 'x', PropagateAtLaunch });
    const [machine] = await described(t, await serving(t, 1, { Tags: [tag('team', true), tag('secret', false)] }));
    expect(machine?.Tags?.map(({ Key }) => Key)).toContain('team');
    expect(machine?.Tags?.map(({ Key }) => Key)).not.toContain('secret');
  }),
  rule('a new tag of a group does not reach instances that are there', api('CreateOrUpdateTags'), async (t) => {
    const ids = await serving(t, 1);
    const tag = {
      ResourceId: GROUP,
      ResourceType: 'auto-scaling-group',
      Key: 'late',
      Value: 'x',
      PropagateAtLaunch: true,
    };
    await t.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
    expect((await theGroup(t)).Tags?.map(({ Key }) => Key)).toContain('late');
    expect((await described(t, ids))[0]?.Tags?.map(({ Key }) => Key)).not.toContain('late');
  }),
  rule('a member tells the version of its template', api('DescribeAutoScalingInstances'), async (t) => {
    const InstanceIds = await serving(t, 1);
    await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: GROUP,
        SourceVersion: '1',
        LaunchTemplateData: { KeyName: 'a' },
      }),
    );
    const told = await t.autoscaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds }));
    expect(told.AutoScalingInstances?.[0]).toMatchObject({
      AutoScalingGroupName: GROUP,
      LaunchTemplate: { Version: '1' },
    });
  }),
  rule('SetDesiredCapacity above the maximum is refused whole', api('SetDesiredCapacity'), async (t) => {
    await serving(t, 2, { MaxSize: 4 });
    await refused(desire(t, 5), 'ValidationError', /max/i);
    expect((await theGroup(t)).DesiredCapacity).toBe(2);
  }),
  rule('SetDesiredCapacity below the minimum is refused', api('SetDesiredCapacity'), async (t) => {
    await group(t, { MinSize: 1, DesiredCapacity: 1 });
    await refused(desire(t, 0), 'ValidationError', /min/i);
  }),
  rule('a group that is not there is refused', api('SetDesiredCapacity'), async (t) => {
    await refused(desire(t, 1), 'ValidationError', /not found/);
  }),
  rule(
    'scaling out launches what is missing, scaling in terminates what is too much',
    guide('as-scaling-simple-step'),
    async (t) => {
      await serving(t, 2);
      await desire(t, 5);
      await settled(t, 5);
      await desire(t, 1);
      await settled(t, 1);
      await until(t, 'gone', async () => (await members(t)).length === 1);
    },
  ),
  rule(
    'scaling in takes from the zone with the most instances',
    guide('ec2-auto-scaling-termination-policies'),
    async (t) => {
      await serving(t, 4);
      await desire(t, 3);
      await until(t, 'gone', async () => (await members(t)).length === 3);
      const zones = (await members(t)).map(({ AvailabilityZone }) => AvailabilityZone);
      expect(new Set(zones).size).toBe(3);
    },
  ),
  rule('scaling in takes those of an old template first', guide('ec2-auto-scaling-termination-policies'), async (t) => {
    const zone = { VPCZoneIdentifier: t.subnets[0]!.id };
    const old = await serving(t, 2, zone);
    await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: GROUP,
        SourceVersion: '1',
        LaunchTemplateData: { KeyName: 'a' },
      }),
    );
    await desire(t, 4);
    await settled(t, 4);
    await desire(t, 2);
    await until(t, 'gone', async () => (await members(t)).length === 2);
    expect((await idsIn(t, 'InService')).filter((id) => old.includes(id))).toEqual([]);
  }),
  rule('OldestInstance takes the oldest first', guide('ec2-auto-scaling-termination-policies'), async (t) => {
    const zone = { VPCZoneIdentifier: t.subnets[0]!.id, TerminationPolicies: ['OldestInstance'] };
    const [oldest = ''] = await serving(t, 1, zone);
    await t.pass(600);
    await desire(t, 3);
    await settled(t, 3);
    await desire(t, 2);
    await until(t, 'gone', async () => (await members(t)).length === 2);
    expect(await idsIn(t, 'InService')).not.toContain(oldest);
  }),
  rule('NewestInstance takes the newest first', guide('ec2-auto-scaling-termination-policies'), async (t) => {
    const zone = { VPCZoneIdentifier: t.subnets[0]!.id, TerminationPolicies: ['NewestInstance'] };
    const [oldest = ''] = await serving(t, 1, zone);
    await t.pass(600);
    await desire(t, 2);
    await settled(t, 2);
    await desire(t, 1);
    await until(t, 'gone', async () => (await members(t)).length === 1);
    expect(await idsIn(t, 'InService')).toEqual([oldest]);
  }),
  rule('a lower maximum lowers the desired capacity', api('UpdateAutoScalingGroup'), async (t) => {
    await serving(t, 4);
    await update(t, { MaxSize: 2 });
    expect((await theGroup(t)).DesiredCapacity).toBe(2);
    await until(t, 'gone', async () => (await members(t)).length === 2);
  }),
  rule('a higher minimum raises the desired capacity', api('UpdateAutoScalingGroup'), async (t) => {
    await serving(t, 1);
    await update(t, { MinSize: 3 });
    expect((await theGroup(t)).DesiredCapacity).toBe(3);
    await settled(t, 3);
  }),
  rule('a changed template leaves instances that are there alone', api('UpdateAutoScalingGroup'), async (t) => {
    const before = await serving(t, 2);
    await template(t, { InstanceType: 'c6g.large' }, 'other');
    await update(t, { LaunchTemplate: { LaunchTemplateName: 'other', Version: '1' } });
    await t.pass(600);
    expect((await idsIn(t, 'InService')).sort()).toEqual(before.sort());
  }),
  rule('a group with instances is not deleted', api('DeleteAutoScalingGroup'), async (t) => {
    await serving(t, 1);
    await refused(
      t.autoscaling.send(new DeleteAutoScalingGroupCommand(named)),
      /^(ResourceInUse|ScalingActivityInProgress)/,
    );
  }),
  rule('ForceDelete takes the instances with it', api('DeleteAutoScalingGroup'), async (t) => {
    const ids = await serving(t, 2);
    await t.autoscaling.send(new DeleteAutoScalingGroupCommand({ ...named, ForceDelete: true }));
    await until(t, 'terminated', async () => (await states(t, ids)).every((state) => state === 'terminated'));
    await until(t, 'gone', async () => {
      const { AutoScalingGroups } = await t.autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
      return AutoScalingGroups?.length === 0;
    });
  }),
  rule('an empty group is deleted', api('DeleteAutoScalingGroup'), async (t) => {
    await group(t);
    await t.autoscaling.send(new DeleteAutoScalingGroupCommand(named));
    await until(t, 'gone', async () => {
      const { AutoScalingGroups } = await t.autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
      return AutoScalingGroups?.length === 0;
    });
  }),
  rule('DescribeAutoScalingInstances gives at most 50 a page', api('DescribeAutoScalingInstances'), async (t) => {
    await serving(t, 60, { MaxSize: 60 });
    const first = await t.autoscaling.send(new DescribeAutoScalingInstancesCommand({}));
    const second = await t.autoscaling.send(new DescribeAutoScalingInstancesCommand({ NextToken: first.NextToken }));
    expect([first.AutoScalingInstances?.length, second.AutoScalingInstances?.length, second.NextToken]).toEqual([
      50,
      10,
      undefined,
    ]);
  }),
  rule('DescribeAutoScalingInstances takes at most 50 ids', api('DescribeAutoScalingInstances'), async (t) => {
    const InstanceIds = Array.from({ length: 51 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await refused(t.autoscaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds })), 'ValidationError');
  }),
  rule(
    'DescribeAutoScalingInstances takes a MaxRecords of 50 at most',
    api('DescribeAutoScalingInstances'),
    async (t) => {
      await refused(t.autoscaling.send(new DescribeAutoScalingInstancesCommand({ MaxRecords: 51 })), 'ValidationError');
    },
  ),
  rule('DescribeAutoScalingGroups takes a MaxRecords of 100 at most', api('DescribeAutoScalingGroups'), async (t) => {
    await refused(t.autoscaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 })), 'ValidationError');
  }),
  rule('an instance of no group is in no answer', api('DescribeAutoScalingInstances'), async (t) => {
    const { AutoScalingInstances } = await t.autoscaling.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [UNKNOWN] }),
    );
    expect(AutoScalingInstances).toEqual([]);
  }),
  rule('activities tell of each launch, the newest first', api('DescribeScalingActivities'), async (t) => {
    await serving(t, 2);
    const { Activities = [] } = await t.autoscaling.send(new DescribeScalingActivitiesCommand(named));
    const launches = Activities.filter(({ Description }) => Description?.startsWith('Launching a new EC2 instance'));
    expect(launches.map(({ StatusCode, Progress }) => [StatusCode, Progress])).toEqual(
      Array(2).fill(['Successful', 100]),
    );
    const times = Activities.map(({ StartTime }) => StartTime!.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  }),
  rule('activities come in pages of at most 100', api('DescribeScalingActivities'), async (t) => {
    await serving(t, 5);
    const first = await t.autoscaling.send(new DescribeScalingActivitiesCommand({ ...named, MaxRecords: 3 }));
    expect([first.Activities?.length, typeof first.NextToken]).toEqual([3, 'string']);
    await refused(
      t.autoscaling.send(new DescribeScalingActivitiesCommand({ ...named, MaxRecords: 101 })),
      'ValidationError',
    );
  }),
  rule('an instance that EC2 lost is replaced', guide('health-checks-overview'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await until(t, 'replaced', async () => {
      const now = await idsIn(t, 'InService');
      return now.length === 2 && !now.includes(id);
    });
  }),
  rule('an instance that is said to be unhealthy is replaced', api('SetInstanceHealth'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await sick(t, id);
    expect((await members(t)).find(({ InstanceId }) => InstanceId === id)?.HealthStatus ?? 'Unhealthy').toBe(
      'Unhealthy',
    );
    await until(t, 'replaced', async () => {
      const now = await idsIn(t, 'InService');
      return now.length === 2 && !now.includes(id);
    });
  }),
  rule(
    'SetInstanceHealth within the grace period has no effect, unless it is told not to respect it',
    api('SetInstanceHealth'),
    async (t) => {
      const [id = ''] = await serving(t, 1, { HealthCheckGracePeriod: 3600 });
      await sick(t, id);
      await t.pass(600);
      expect(await idsIn(t, 'InService')).toEqual([id]);
      await sick(t, id, { ShouldRespectGracePeriod: false });
      await until(t, 'replaced', async () => !(await idsIn(t, 'InService')).includes(id));
    },
  ),
  rule('SetInstanceHealth takes Healthy and Unhealthy only', api('SetInstanceHealth'), async (t) => {
    const [id = ''] = await serving(t, 1);
    await refused(sick(t, id, { HealthStatus: 'Poorly' }), 'ValidationError');
  }),
  rule('SetInstanceHealth refuses an instance of no group', api('SetInstanceHealth'), async (t) => {
    await refused(sick(t, UNKNOWN), 'ValidationError', /not found/);
  }),
  rule(
    'an unhealthy instance stays while ReplaceUnhealthy is suspended',
    guide('as-suspend-resume-processes'),
    async (t) => {
      const [id = ''] = await serving(t, 1);
      await suspend(t, 'ReplaceUnhealthy');
      await sick(t, id);
      await t.pass(900);
      expect(await idsIn(t, 'InService')).toEqual([id]);
      await resume(t, 'ReplaceUnhealthy');
      await until(t, 'replaced', async () => !(await idsIn(t, 'InService')).includes(id));
    },
  ),
  rule('nothing is launched while Launch is suspended', guide('as-suspend-resume-processes'), async (t) => {
    await group(t);
    await suspend(t, 'Launch');
    await desire(t, 2);
    await t.pass(600);
    expect(await members(t)).toEqual([]);
    await resume(t, 'Launch');
    await settled(t, 2);
  }),
  rule('nothing is terminated while Terminate is suspended', guide('as-suspend-resume-processes'), async (t) => {
    await serving(t, 2);
    await suspend(t, 'Terminate');
    await desire(t, 0);
    await t.pass(600);
    expect(await idsIn(t, 'InService')).toHaveLength(2);
  }),
  rule('suspended processes are told with their reason', api('SuspendProcesses'), async (t) => {
    await group(t);
    await suspend(t, 'AZRebalance', 'AlarmNotification');
    const told = (await theGroup(t)).SuspendedProcesses ?? [];
    expect(told.map(({ ProcessName }) => ProcessName).sort()).toEqual(['AZRebalance', 'AlarmNotification']);
    expect(told[0]?.SuspensionReason).toMatch(/^User suspended at /);
    await resume(t, 'AZRebalance');
    expect((await theGroup(t)).SuspendedProcesses?.map(({ ProcessName }) => ProcessName)).toEqual([
      'AlarmNotification',
    ]);
  }),
  rule('without names, all processes are suspended and resumed', api('SuspendProcesses'), async (t) => {
    await group(t);
    await t.autoscaling.send(new SuspendProcessesCommand(named));
    const { Processes = [] } = await t.autoscaling.send(new DescribeScalingProcessTypesCommand({}));
    expect((await theGroup(t)).SuspendedProcesses).toHaveLength(Processes.length);
    await t.autoscaling.send(new ResumeProcessesCommand(named));
    expect((await theGroup(t)).SuspendedProcesses).toEqual([]);
  }),
  rule('a process that does not exist is refused', api('SuspendProcesses'), async (t) => {
    await group(t);
    await refused(suspend(t, 'Hope'), 'ValidationError');
  }),
  rule(
    'TerminateInstanceInAutoScalingGroup without decrement: another is launched',
    api('TerminateInstanceInAutoScalingGroup'),
    async (t) => {
      const [id = ''] = await serving(t, 2);
      const { Activity } = await end(t, id, false);
      expect(Activity?.Description).toContain(id);
      await until(t, 'replaced', async () => {
        const now = await idsIn(t, 'InService');
        return now.length === 2 && !now.includes(id);
      });
    },
  ),
  rule(
    'TerminateInstanceInAutoScalingGroup with decrement: none is launched',
    api('TerminateInstanceInAutoScalingGroup'),
    async (t) => {
      const [id = ''] = await serving(t, 2);
      await end(t, id, true);
      expect((await theGroup(t)).DesiredCapacity).toBe(1);
      await until(t, 'gone', async () => (await members(t)).length === 1);
    },
  ),
  rule('the minimum forbids a decrement', api('TerminateInstanceInAutoScalingGroup'), async (t) => {
    const [id = ''] = await serving(t, 2, { MinSize: 2 });
    await refused(end(t, id, true), 'ValidationError');
    expect(await idsIn(t, 'InService')).toContain(id);
  }),
  rule(
    'TerminateInstanceInAutoScalingGroup refuses an instance of no group',
    api('TerminateInstanceInAutoScalingGroup'),
    async (t) => {
      await refused(end(t, UNKNOWN, true), 'ValidationError', /not found/);
    },
  ),
  rule('a protected instance survives scaling in', guide('ec2-auto-scaling-instance-protection'), async (t) => {
    const [id = ''] = await serving(t, 3);
    await protect(t, [id]);
    await desire(t, 1);
    await until(t, 'scaled in', async () => (await members(t)).length === 1);
    expect(await idsIn(t, 'InService')).toEqual([id]);
  }),
  rule('where all are protected, none is scaled in', guide('ec2-auto-scaling-instance-protection'), async (t) => {
    const ids = await serving(t, 3, { NewInstancesProtectedFromScaleIn: true });
    await desire(t, 1);
    await t.pass(900);
    expect((await idsIn(t, 'InService')).sort()).toEqual(ids.sort());
  }),
  rule(
    'protection does not save from TerminateInstanceInAutoScalingGroup',
    guide('ec2-auto-scaling-instance-protection'),
    async (t) => {
      const [id = ''] = await serving(t, 2);
      await protect(t, [id]);
      await end(t, id, true);
      await until(t, 'gone', async () => (await members(t)).length === 1);
    },
  ),
  rule(
    'protection does not save from a failed health check',
    guide('ec2-auto-scaling-instance-protection'),
    async (t) => {
      const [id = ''] = await serving(t, 1);
      await protect(t, [id]);
      await sick(t, id);
      await until(t, 'replaced', async () => !(await idsIn(t, 'InService')).includes(id));
    },
  ),
  rule('protection is taken back', api('SetInstanceProtection'), async (t) => {
    const ids = await serving(t, 1, { NewInstancesProtectedFromScaleIn: true });
    expect((await members(t))[0]?.ProtectedFromScaleIn).toBe(true);
    await protect(t, ids, false);
    expect((await members(t))[0]?.ProtectedFromScaleIn).toBe(false);
  }),
  rule('SetInstanceProtection takes at most 50 ids', api('SetInstanceProtection'), async (t) => {
    await group(t);
    const ids = Array.from({ length: 51 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await refused(protect(t, ids), 'ValidationError', /50/);
  }),
  rule('one unknown id fails the whole SetInstanceProtection', api('SetInstanceProtection'), async (t) => {
    const ids = await serving(t, 1);
    await refused(protect(t, [...ids, UNKNOWN]), 'ValidationError');
    expect((await members(t))[0]?.ProtectedFromScaleIn).toBe(false);
  }),
  rule('LaunchInstances launches at once, and raises the desired capacity', api('LaunchInstances'), async (t) => {
    await group(t, { VPCZoneIdentifier: t.subnets[0]!.id });
    const { Instances = [] } = await t.autoscaling.send(
      new LaunchInstancesCommand({ ...named, RequestedCapacity: 3, ClientToken: 'wave-1' }),
    );
    expect(Instances.flatMap(({ InstanceIds = [] }) => InstanceIds)).toHaveLength(3);
    expect((await theGroup(t)).DesiredCapacity).toBe(3);
    await settled(t, 3);
  }),
  rule('LaunchInstances takes at most 100', api('LaunchInstances'), async (t) => {
    await group(t, { MaxSize: 200, VPCZoneIdentifier: t.subnets[0]!.id });
    await refused(
      t.autoscaling.send(new LaunchInstancesCommand({ ...named, RequestedCapacity: 101, ClientToken: 'wave-1' })),
      'ValidationError',
    );
  }),
  rule(
    'metrics of a group are collected when they are enabled, all or by name',
    api('EnableMetricsCollection'),
    async (t) => {
      await group(t);
      const enable = (Metrics?: string[]) =>
        t.autoscaling.send(new EnableMetricsCollectionCommand({ ...named, Granularity: '1Minute', Metrics }));
      await enable(['GroupDesiredCapacity']);
      expect((await theGroup(t)).EnabledMetrics?.map(({ Metric }) => Metric)).toEqual(['GroupDesiredCapacity']);
      await enable();
      expect((await theGroup(t)).EnabledMetrics!.length).toBeGreaterThan(7);
      await t.autoscaling.send(new DisableMetricsCollectionCommand(named));
      expect((await theGroup(t)).EnabledMetrics ?? []).toEqual([]);
    },
  ),
  rule('a metric that groups do not have is refused', api('EnableMetricsCollection'), async (t) => {
    await group(t);
    await refused(
      t.autoscaling.send(new EnableMetricsCollectionCommand({ ...named, Granularity: '1Minute', Metrics: ['Hope'] })),
      'ValidationError',
    );
  }),
  rule(
    'a mixed instances policy buys the on-demand base first, then by its share',
    guide('ec2-auto-scaling-mixed-instances-groups'),
    async (t) => {
      await group(t, {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateName: GROUP, Version: '$Latest' },
            Overrides: [{ InstanceType: 'm6g.large' }, { InstanceType: 'c6g.large' }],
          },
          InstancesDistribution: {
            OnDemandBaseCapacity: 2,
            OnDemandPercentageAboveBaseCapacity: 50,
            SpotAllocationStrategy: 'price-capacity-optimized',
          },
        },
        DesiredCapacity: 6,
      });
      await settled(t, 6);
      const machines = await described(t, await idsIn(t, 'InService'));
      expect(machines.filter(({ InstanceLifecycle }) => InstanceLifecycle === 'spot')).toHaveLength(2);
    },
  ),
];
