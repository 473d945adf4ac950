import { expect, test } from 'vitest';
import { Account, faultOf, launching, MINUTE, SECOND } from './account.ts';

const g = { AutoScalingGroupName: 'g' };

test('without a prepared capacity the pool is the maximum less the desired capacity', () => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool(g);
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 3, 'Warmed:Stopped': 7 });
  expect(account.g.Instances).toHaveLength(3);
  expect(account.g.WarmPoolSize).toBe(7);
});

test.each([
  [{ MaxGroupPreparedCapacity: 5 }, 2],
  [{ MaxGroupPreparedCapacity: 2 }, 0],
  [{ MaxGroupPreparedCapacity: 2, MinSize: 1 }, 1],
  [{ MaxGroupPreparedCapacity: -1 }, 7],
])('of %j the pool has %i', (settings, size) => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool({ ...g, ...settings });
  expect(account.wait(5 * MINUTE).states['Warmed:Stopped'] ?? 0).toBe(size);
});

test('hooks run on the way into the pool, and again on the way out', () => {
  const account = new Account().group({
    DesiredCapacity: 0,
    MaxSize: 1,
    LifecycleHookSpecificationList: [launching()],
  });
  account.model.autoscaling.putWarmPool(g);
  account.wait(MINUTE);
  const [id = ''] = account.ids('Warmed:Pending:Wait');
  expect(account.complete('up', id).wait(MINUTE).states).toEqual({ 'Warmed:Stopped': 1 });
  account.model.autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: 1 });
  expect(account.wait(MINUTE).ids('Pending:Wait')).toEqual([id]);
  expect(account.complete('up', id).states).toEqual({ InService: 1 });
});

test('a scale-out takes from the pool first: up in 30 seconds instead of 60', () => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool({ ...g, MaxGroupPreparedCapacity: 4 });
  account.wait(5 * MINUTE);
  const [warm = ''] = account.ids('Warmed:Stopped');
  const from = account.model.now;
  account.model.autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: 4 });
  account.wait(MINUTE);
  expect(account.ids('InService')).toContain(warm);
  const boots = account.events.filter((event) => event.type === 'instance-booted' && event.instanceId === warm);
  expect(boots.at(-1)).toMatchObject({ at: from + 31 * SECOND, fresh: false });
});

test.each(['Running', 'Hibernated'])('a pool may keep its instances %s', (PoolState) => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool({ ...g, PoolState, MaxGroupPreparedCapacity: 4 });
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 3, [`Warmed:${PoolState}`]: 1 });
});

test('an instance that somebody stopped while it waited comes into the pool too', () => {
  const account = new Account().group({
    DesiredCapacity: 0,
    MaxSize: 1,
    LifecycleHookSpecificationList: [launching()],
  });
  account.model.autoscaling.putWarmPool(g);
  account.wait(MINUTE);
  const [id = ''] = account.ids('Warmed:Pending:Wait');
  account.model.ec2.stopInstances({ InstanceIds: [id] });
  expect(account.wait(MINUTE).complete('up', id).states).toEqual({ 'Warmed:Stopped': 1 });
});

test('a reuse policy brings scaled-in instances back into the pool', () => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool({
    ...g,
    MaxGroupPreparedCapacity: 3,
    InstanceReusePolicy: { ReuseOnScaleIn: true },
  });
  const before = account.ids();
  account.model.autoscaling.setDesiredCapacity({ ...g, DesiredCapacity: 1 });
  account.wait(2 * MINUTE);
  expect(account.states).toEqual({ InService: 1, 'Warmed:Stopped': 2 });
  expect(account.ids().sort()).toEqual(before.sort());
});

test('a pool that is deleted ends its instances', () => {
  const account = new Account().group();
  account.model.autoscaling.putWarmPool(g);
  account.wait(5 * MINUTE).model.autoscaling.deleteWarmPool({ ...g, ForceDelete: true });
  expect(account.wait(2 * MINUTE).states).toEqual({ InService: 3 });
  expect(faultOf(() => account.model.autoscaling.deleteWarmPool(g))).toContain('No warm pool found');
});

test('a group of mixed instances may have a pool', () => {
  const account = new Account().group({
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: 'lt', Version: '1' },
        Overrides: [{ InstanceType: 'm7g.large' }, { InstanceType: 'm6g.large' }],
      },
    },
  });
  account.model.autoscaling.putWarmPool({ ...g, MaxGroupPreparedCapacity: 5 });
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 3, 'Warmed:Stopped': 2 });
});
