import { expect, test } from 'vitest';
import { Account, faultOf, MINUTE, SECOND } from './account.ts';

test('a group launches its desired capacity, a zone after the other', () => {
  const account = new Account().group({ DesiredCapacity: 7 });
  expect(account.states).toEqual({ InService: 7 });
  expect(account.zones).toEqual([2, 2, 3]);
});

test('an instance is in service as soon as EC2 runs it, if there is no hook', () => {
  const account = new Account().group();
  // A second until Auto Scaling acts, ten until EC2 says running.
  expect(account.at('InService')).toBe(11);
});

test('a request above the maximum is refused whole', () => {
  const account = new Account().group();
  const { autoscaling } = account.model;
  expect(faultOf(() => autoscaling.setDesiredCapacity({ AutoScalingGroupName: 'g', DesiredCapacity: 11 }))).toBe(
    'ValidationError: New SetDesiredCapacity value 11 is above max value 10 for the AutoScalingGroup.',
  );
  expect(account.g.DesiredCapacity).toBe(3);
  expect(
    faultOf(() => autoscaling.updateAutoScalingGroup({ AutoScalingGroupName: 'g', DesiredCapacity: 11 })),
  ).toContain('ValidationError: Desired capacity:11 must be between');
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 3 });
});

test('a maximum below the desired capacity takes it along', () => {
  const account = new Account().group();
  account.model.autoscaling.updateAutoScalingGroup({ AutoScalingGroupName: 'g', MaxSize: 1 });
  expect(account.g.DesiredCapacity).toBe(1);
  expect(account.wait(MINUTE).states).toEqual({ InService: 1 });
});

test('scale-in takes of the zone that has most, and spares protected instances', () => {
  const account = new Account().group({ DesiredCapacity: 4 });
  const counts = new Map<string, string[]>();
  for (const { AvailabilityZone, InstanceId } of account.members)
    counts.set(AvailabilityZone, [...(counts.get(AvailabilityZone) ?? []), InstanceId]);
  const two = [...counts.values()].find((ids) => ids.length === 2) ?? [];
  account.model.autoscaling.setInstanceProtection({
    AutoScalingGroupName: 'g',
    InstanceIds: two.slice(0, 1),
    ProtectedFromScaleIn: true,
  });
  account.model.autoscaling.setDesiredCapacity({ AutoScalingGroupName: 'g', DesiredCapacity: 3 });
  account.wait(MINUTE);
  expect(account.zones).toEqual([1, 1, 1]);
  expect(account.ids()).toContain(two[0]);
  expect(account.ids()).not.toContain(two[1]);
});

test('a group that has only protected instances stays above its desired capacity until one is let go', () => {
  const account = new Account().group({ NewInstancesProtectedFromScaleIn: true });
  const { autoscaling } = account.model;
  autoscaling.setDesiredCapacity({ AutoScalingGroupName: 'g', DesiredCapacity: 1 });
  expect(account.wait(10 * MINUTE).states).toEqual({ InService: 3 });
  const InstanceIds = account.ids().slice(0, 1);
  autoscaling.setInstanceProtection({ AutoScalingGroupName: 'g', InstanceIds, ProtectedFromScaleIn: false });
  expect(account.wait(MINUTE).states).toEqual({ InService: 2 });
});

test('a zone without capacity is told by an activity, and the others take over', () => {
  const account = new Account();
  account.model.world.setCapacity({ zone: 'eu-west-3a', available: 0 });
  account.group({ DesiredCapacity: 6 });
  expect(account.states).toEqual({ InService: 6 });
  expect(account.zones).toEqual([3, 3]);
});

test('no capacity anywhere fails activities until there is some', () => {
  const account = new Account();
  for (const zone of ['a', 'b', 'c']) account.model.world.setCapacity({ zone: `eu-west-3${zone}`, available: 0 });
  account.group();
  expect(account.states).toEqual({});
  const { Activities } = account.model.autoscaling.describeScalingActivities({ AutoScalingGroupName: 'g' });
  expect(Activities[0]?.StatusCode).toBe('Failed');
  expect(Activities[0]?.StatusMessage).toContain('We currently do not have sufficient m6g.large capacity');
  account.model.world.setCapacity({ zone: 'eu-west-3b', available: Number.POSITIVE_INFINITY });
  expect(account.wait(MINUTE).states).toEqual({ InService: 3 });
});

test('an instance that was terminated behind the group is found and replaced', () => {
  const account = new Account().group();
  const [id = ''] = account.ids();
  account.model.ec2.terminateInstances({ InstanceIds: [id] });
  expect(account.wait(5 * SECOND).ids('InService')).toContain(id);
  account.wait(3 * MINUTE);
  expect(account.ids()).not.toContain(id);
  expect(account.states).toEqual({ InService: 3 });
});

test('a group is deleted once it is empty, or by force', () => {
  const account = new Account().group();
  const { autoscaling } = account.model;
  expect(faultOf(() => autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'g' }))).toContain('ResourceInUse');
  autoscaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'g', ForceDelete: true });
  account.wait(2 * MINUTE);
  expect(autoscaling.describeAutoScalingGroups({}).AutoScalingGroups).toEqual([]);
  const running = account.model.ec2.describeInstances({
    Filters: [{ Name: 'instance-state-name', Values: ['running'] }],
  });
  expect(running.Reservations).toEqual([]);
});

test('an account has 500 groups in a Region', () => {
  const account = new Account();
  const make = (name: string) =>
    account.model.autoscaling.createAutoScalingGroup({
      ...{ AutoScalingGroupName: name, MinSize: 0, MaxSize: 1, AvailabilityZones: ['eu-west-3a'] },
      LaunchTemplate: { LaunchTemplateName: 'lt', Version: '1' },
    });
  for (let index = 0; index < 500; index += 1) make(`g-${index}`);
  expect(faultOf(() => make('one more'))).toContain('LimitExceeded');
});
