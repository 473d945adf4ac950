import { expect, test } from 'vitest';
import { Account, faultOf, MINUTE, SECOND, terminating } from './account.ts';

const g = { AutoScalingGroupName: 'g' };

test('standby with a decrement leaves the rest as it is, and coming back gives the capacity back', () => {
  const account = new Account().group();
  const InstanceIds = account.ids().slice(0, 1);
  account.model.autoscaling.enterStandby({ ...g, InstanceIds, ShouldDecrementDesiredCapacity: true });
  expect(account.states).toEqual({ InService: 2, EnteringStandby: 1 });
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 2, Standby: 1 });
  expect(account.g.DesiredCapacity).toBe(2);
  account.model.autoscaling.exitStandby({ ...g, InstanceIds });
  expect(account.wait(MINUTE).states).toEqual({ InService: 3 });
  expect(account.g.DesiredCapacity).toBe(3);
});

test('standby without a decrement is made up for', () => {
  const account = new Account().group();
  account.model.autoscaling.enterStandby({
    ...g,
    InstanceIds: account.ids().slice(0, 1),
    ShouldDecrementDesiredCapacity: false,
  });
  expect(account.wait(MINUTE).states).toEqual({ InService: 3, Standby: 1 });
});

test('what is in standby is not replaced when it fails', () => {
  const account = new Account().group();
  const InstanceIds = account.ids().slice(0, 1);
  account.model.autoscaling.enterStandby({ ...g, InstanceIds, ShouldDecrementDesiredCapacity: true });
  account.wait(MINUTE).model.world.impair(InstanceIds[0] ?? '', 'system');
  expect(account.wait(20 * MINUTE).states).toEqual({ InService: 2, Standby: 1 });
});

test('the minimum blocks a decrement', () => {
  const account = new Account().group({ MinSize: 3 });
  const InstanceIds = account.ids().slice(0, 1);
  const { autoscaling } = account.model;
  const decrement = { ...g, InstanceIds, ShouldDecrementDesiredCapacity: true };
  expect(faultOf(() => autoscaling.enterStandby(decrement))).toContain('min-size=3');
  expect(faultOf(() => autoscaling.detachInstances(decrement))).toContain('min-size=3');
  const [InstanceId = ''] = InstanceIds;
  expect(
    faultOf(() =>
      autoscaling.terminateInstanceInAutoScalingGroup({ InstanceId, ShouldDecrementDesiredCapacity: true }),
    ),
  ).toContain('desiredSize equals minSize (3)');
  expect(account.wait(MINUTE).states).toEqual({ InService: 3 });
});

test.each(['attachInstances', 'detachInstances', 'enterStandby', 'exitStandby'] as const)(
  '%s takes 20 ids at most',
  (call) => {
    const account = new Account().group({}, 0);
    const InstanceIds = Array.from({ length: 21 }, (_, at) => `i-${String(at).padStart(17, '0')}`);
    const input = { ...g, InstanceIds, ShouldDecrementDesiredCapacity: true };
    expect(faultOf(() => account.model.autoscaling[call](input))).toContain(
      'Member must have length less than or equal to 20',
    );
  },
);

test('SetInstanceProtection takes 50 ids at most', () => {
  const account = new Account().group({}, 0);
  const InstanceIds = Array.from({ length: 51 }, (_, at) => `i-${String(at).padStart(17, '0')}`);
  expect(
    faultOf(() => account.model.autoscaling.setInstanceProtection({ ...g, InstanceIds, ProtectedFromScaleIn: true })),
  ).toContain('less than or equal to 50');
});

test('detach skips hooks, leaves the instance running, and without a decrement launches another', () => {
  const account = new Account().group({ LifecycleHookSpecificationList: [terminating()] });
  const InstanceIds = account.ids().slice(0, 1);
  account.model.autoscaling.detachInstances({ ...g, InstanceIds, ShouldDecrementDesiredCapacity: false });
  account.wait(5 * MINUTE);
  expect(account.states).toEqual({ InService: 3 });
  expect(account.events.some(({ type }) => type === 'lifecycle-action')).toBe(false);
  const [instance] = account.model.ec2.describeInstances({ InstanceIds }).Reservations[0]?.Instances ?? [];
  expect(instance?.State.Name).toBe('running');
  expect(instance?.Tags).toEqual([]);
});

test('attach adds to the desired capacity, and not beyond the maximum', () => {
  const account = new Account().group({ MaxSize: 4 });
  const { Instances } = account.model.ec2.runInstances({
    MinCount: 2,
    MaxCount: 2,
    SubnetId: 'subnet-b',
    LaunchTemplate: { LaunchTemplateName: 'lt' },
  });
  const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
  const attach = (ids: readonly string[]) =>
    faultOf(() => account.model.autoscaling.attachInstances({ ...g, InstanceIds: ids }));
  expect(attach(InstanceIds.slice(0, 1))).toContain("must be in 'running' state");
  account.wait(MINUTE);
  expect(attach(InstanceIds)).toContain('max-size=4');
  expect(attach(InstanceIds.slice(0, 1))).toBe('none');
  expect(account.wait(MINUTE).states).toEqual({ InService: 4 });
  expect(attach(InstanceIds.slice(0, 1))).toContain('already in an Auto Scaling group');
});

test('an instance that is set unhealthy is ended and replaced', () => {
  const account = new Account().group();
  const [InstanceId = ''] = account.ids();
  account.model.autoscaling.setInstanceHealth({ InstanceId, HealthStatus: 'Unhealthy' });
  account.wait(2 * SECOND);
  expect(account.states).toEqual({ InService: 2, Terminating: 1, Pending: 1 });
  expect(account.wait(MINUTE).states).toEqual({ InService: 3 });
});

test('the grace period keeps SetInstanceHealth off, unless told otherwise', () => {
  const account = new Account().group({ HealthCheckGracePeriod: 600 }, MINUTE);
  const [InstanceId = ''] = account.ids();
  account.model.autoscaling.setInstanceHealth({ InstanceId, HealthStatus: 'Unhealthy' });
  expect(account.wait(2 * SECOND).ids('InService')).toContain(InstanceId);
  account.model.autoscaling.setInstanceHealth({
    InstanceId,
    HealthStatus: 'Unhealthy',
    ShouldRespectGracePeriod: false,
  });
  expect(account.wait(2 * SECOND).ids('InService')).not.toContain(InstanceId);
});

test('suspended processes do nothing until they are resumed', () => {
  const account = new Account().group();
  const { autoscaling } = account.model;
  const ScalingProcesses = ['ReplaceUnhealthy', 'Launch'];
  autoscaling.suspendProcesses({ ...g, ScalingProcesses });
  const [InstanceId = ''] = account.ids();
  autoscaling.setInstanceHealth({ InstanceId, HealthStatus: 'Unhealthy' });
  autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: 5 });
  expect(account.wait(10 * MINUTE).states).toEqual({ InService: 3 });
  expect(account.g.SuspendedProcesses.map(({ ProcessName }) => ProcessName)).toEqual(ScalingProcesses);
  autoscaling.resumeProcesses({ ...g, ScalingProcesses });
  account.wait(2 * MINUTE);
  expect(account.states).toEqual({ InService: 5 });
  expect(account.ids()).not.toContain(InstanceId);
  expect(faultOf(() => autoscaling.suspendProcesses({ ...g, ScalingProcesses: ['Dance'] }))).toContain(
    'Dance is not valid',
  );
});

test('an impaired instance has two minutes to recover, then it is replaced', () => {
  const account = new Account().group();
  const [recovers = '', fails = ''] = account.ids();
  account.model.world.impair(recovers, 'system');
  account.model.world.impair(fails, 'system');
  account.wait(MINUTE).model.world.impair(recovers, undefined);
  account.wait(5 * MINUTE);
  expect(account.ids()).toContain(recovers);
  expect(account.ids()).not.toContain(fails);
});

test('a maintenance policy above 100 percent launches before it ends an unhealthy instance', () => {
  const account = new Account().group({
    InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
  });
  const [InstanceId = ''] = account.ids();
  account.model.autoscaling.setInstanceHealth({ InstanceId, HealthStatus: 'Unhealthy' });
  expect(account.wait(2 * SECOND).states).toEqual({ InService: 3, Pending: 1 });
  account.wait(2 * MINUTE);
  expect(account.states).toEqual({ InService: 3 });
  expect(account.ids()).not.toContain(InstanceId);
});

test.each([
  ['one', 6, 7, [2, 2, 2]],
  ['a tenth', 30, 33, [10, 10, 10]],
] as const)('zone rebalancing launches first, and may go beyond the maximum by %s', (_by, size, peak, zones) => {
  const account = new Account();
  account.model.world.setCapacity({ zone: 'eu-west-3a', available: 0 });
  account.group({ MaxSize: size, DesiredCapacity: size });
  expect(account.zones).toEqual([size / 2, size / 2]);
  account.model.world.setCapacity({ zone: 'eu-west-3a', available: size });
  const most: number[] = [];
  for (let seconds = 0; seconds < 900; seconds += 5) {
    const { InService = 0, Pending = 0 } = account.wait(5 * SECOND).states;
    most.push(InService + Pending);
  }
  expect(account.zones).toEqual(zones);
  expect(Math.max(...most)).toBe(peak);
  expect(Math.min(...most)).toBeGreaterThanOrEqual(size);
});

test('capacity rebalancing replaces a Spot instance that is at risk before it goes', () => {
  const account = new Account();
  account.model.ec2.createLaunchTemplateVersion({
    LaunchTemplateName: 'lt',
    SourceVersion: '1',
    LaunchTemplateData: { InstanceMarketOptions: { MarketType: 'spot' } },
  });
  account.group({ CapacityRebalance: true, LaunchTemplate: { LaunchTemplateName: 'lt', Version: '2' } });
  const [id = ''] = account.ids();
  account.model.world.recommendRebalance([id]);
  expect(account.states).toEqual({ InService: 3, Pending: 1 });
  account.wait(2 * MINUTE);
  expect(account.states).toEqual({ InService: 3 });
  expect(account.ids()).not.toContain(id);
});

test('an instance that is as old as the group allows is replaced', () => {
  const account = new Account().group({ MaxInstanceLifetime: 86_400 });
  const before = account.ids();
  account.wait(25 * 60 * MINUTE);
  expect(account.states).toEqual({ InService: 3 });
  expect(account.ids().filter((id) => before.includes(id))).toEqual([]);
});

test('LaunchInstances launches at once, where it is told to, and adds to the desired capacity', () => {
  const account = new Account().group();
  const launch = (RequestedCapacity: number) =>
    account.model.autoscaling.launchInstances({ ...g, RequestedCapacity, AvailabilityZones: ['eu-west-3a'] });
  expect(launch(2).Instances.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-west-3a', 'eu-west-3a']);
  expect(account.g.DesiredCapacity).toBe(5);
  expect(account.wait(20 * SECOND).states).toEqual({ InService: 5 });
  expect(faultOf(() => launch(6))).toContain('above max value 10');
  expect(faultOf(() => launch(101))).toContain('between 1 and 100');
});

test('what LaunchInstances could not launch, the group launches later where it is told to retry', () => {
  const account = new Account().group();
  account.model.world.setCapacity({ zone: 'eu-west-3a', available: 1 });
  const launch = (RetryStrategy: string) =>
    account.model.autoscaling.launchInstances({
      ...{ ...g, RequestedCapacity: 2, AvailabilityZones: ['eu-west-3a'], RetryStrategy },
    });
  expect(launch('none').Instances).toHaveLength(1);
  expect(account.g.DesiredCapacity).toBe(4);
  expect(launch('retry-with-group-configuration').Instances).toHaveLength(0);
  expect(account.g.DesiredCapacity).toBe(6);
});

test('activities are told newest first, with AWS’s descriptions', () => {
  const account = new Account().group({ DesiredCapacity: 1 });
  const [id = ''] = account.ids();
  account.model.autoscaling.terminateInstanceInAutoScalingGroup({
    InstanceId: id,
    ShouldDecrementDesiredCapacity: true,
  });
  account.wait(2 * MINUTE);
  const { Activities } = account.model.autoscaling.describeScalingActivities(g);
  expect(Activities.map(({ Description, StatusCode }) => [Description, StatusCode])).toEqual([
    [`Terminating EC2 instance: ${id}`, 'Successful'],
    [`Launching a new EC2 instance: ${id}`, 'Successful'],
  ]);
});
