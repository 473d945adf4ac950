import { expect, test } from 'vitest';
import { LIMITS } from '../../../lib/aws-model/limits.ts';
import { AwsModel } from '../../../lib/aws-model/model.ts';
import type { Api, LimitOptions } from '../../../lib/aws-model/types.ts';
import { Account, EXACT, faultOf, SECOND } from './account.ts';

const ids = (count: number) => ({ InstanceIds: Array.from({ length: count }, () => 'i-1') });

/** Calls that go through until the first that is throttled. */
function burst(model: AwsModel, api: Api, input: object = { MaxResults: 5 }): number {
  for (let calls = 0; calls < 2000; calls += 1) {
    try {
      model.call(api, 'test', input);
    } catch {
      return calls;
    }
  }
  return Number.POSITIVE_INFINITY;
}

test.each<[Api, number, number]>([
  ['ec2:RunInstances', 5, 2],
  ['ec2:StartInstances', 5, 2],
  ['ec2:TerminateInstances', 100, 5],
  ['ec2:StopInstances', 50, 5],
  ['ec2:RebootInstances', 50, 5],
  ['ec2:CreateReplaceRootVolumeTask', 50, 5],
  ['ec2:CreateFleet', 50, 5],
  ['ec2:DescribeInstances', 100, 20],
  ['ec2:CreateTags', 100, 10],
  ['ec2:CreateLaunchTemplateVersion', 100, 5],
])('%s takes %i calls at once, and %i a second', (api, capacity, refill) => {
  const model = new AwsModel(EXACT);
  expect(burst(model, api)).toBe(capacity);
  model.advanceTo(model.now + 2 * SECOND);
  expect(burst(model, api)).toBe(2 * refill);
});

test.each<[Api, number]>([
  ['ec2:RunInstances', 2],
  ['ec2:StartInstances', 2],
  ['ec2:TerminateInstances', 20],
  ['ec2:StopInstances', 20],
])('%s takes 1000 instances at once, and %i a second', (api, refill) => {
  const model = new AwsModel(EXACT);
  model.call(api, 'test', ids(1000));
  expect(faultOf(() => model.call(api, 'test', ids(1)))).toContain('RequestLimitExceeded');
  model.advanceTo(model.now + 2 * SECOND);
  expect(faultOf(() => model.call(api, 'test', ids(2 * refill + 1)))).toContain('RequestLimitExceeded');
  expect(faultOf(() => model.call(api, 'test', ids(2 * refill)))).toBe('none');
});

test('a Describe without any filter has a smaller bucket of its own', () => {
  const model = new AwsModel(EXACT);
  expect(burst(model, 'ec2:DescribeInstances', {})).toBe(50);
  expect(burst(model, 'ec2:DescribeInstances')).toBe(100);
});

test('CreateFleet launches by the tokens of RunInstances', () => {
  const model = new AwsModel(EXACT);
  model.call('ec2:RunInstances', 'test', { MaxCount: 900 });
  const fleet = { TargetCapacitySpecification: { TotalTargetCapacity: 101 } };
  expect(faultOf(() => model.call('ec2:CreateFleet', 'test', fleet))).toContain('RequestLimitExceeded');
});

test('a drained bucket of RunInstances is full again after 500 seconds', () => {
  const model = new AwsModel(EXACT);
  model.call('ec2:RunInstances', 'test', { MaxCount: 1000 });
  model.advanceTo(model.now + 499 * SECOND);
  expect(model.buckets('ec2:RunInstances')[1]?.tokens).toBe(998);
  model.advanceTo(model.now + 10 * SECOND);
  expect(model.buckets('ec2:RunInstances')[1]?.tokens).toBe(1000);
});

test('a throttled call draws nothing, and is told', () => {
  const account = new Account();
  account.model.call('ec2:RunInstances', 'test', { MaxCount: 1000 });
  const before = account.model.buckets('ec2:RunInstances');
  expect(faultOf(() => account.model.call('ec2:RunInstances', 'me', { MaxCount: 1 }))).toContain(
    'RequestLimitExceeded',
  );
  expect(account.model.buckets('ec2:RunInstances')).toEqual(before);
  expect(account.events.at(-1)).toMatchObject({ type: 'throttled', api: 'ec2:RunInstances', caller: 'me' });
});

test('all calls of Auto Scaling share one bucket, and say Throttling', () => {
  const model = new AwsModel(EXACT);
  expect(burst(model, 'autoscaling:DetachInstances')).toBe(100);
  expect(faultOf(() => model.call('autoscaling:DescribeAutoScalingGroups', 'test'))).toBe('Throttling: Rate exceeded');
});

test.each<[string, LimitOptions, number]>([
  ['not enforced', { enforced: false }, Number.POSITIVE_INFINITY],
  ['scaled by 0.3', { scale: 0.3 }, 15],
  ['doubled for one API', { scaleOf: { 'ec2:RebootInstances': 2 } }, 100],
  ['shared by half', { othersTake: 0.5 }, 25],
])('limits %s', (_, limits, calls) => {
  expect(burst(new AwsModel({ ...EXACT, limits }), 'ec2:RebootInstances')).toBe(calls);
});

test('another consumer takes from the refill, of which a tenth is always left', () => {
  const after = (callsPerSecond: number) => {
    const consumers = [{ api: 'ec2:RebootInstances' as const, callsPerSecond }];
    const model = new AwsModel({ ...EXACT, limits: { consumers } });
    burst(model, 'ec2:RebootInstances');
    model.advanceTo(model.now + 4 * SECOND);
    return burst(model, 'ec2:RebootInstances');
  };
  expect([after(0), after(2.5), after(1000)]).toEqual([20, 10, 2]);
});

test('limits that change keep the tokens that are there, up to the new size', () => {
  const model = new AwsModel(EXACT);
  model.call('ec2:RunInstances', 'test', { MaxCount: 400 });
  model.world.setLimits({ scale: 0.5 });
  expect(model.buckets('ec2:RunInstances')[1]?.tokens).toBe(500);
  model.world.setLimits({});
  model.advanceTo(model.now + SECOND);
  expect(model.buckets('ec2:RunInstances')[1]?.tokens).toBe(502);
});

test('launches of a group draw on RunInstances: the third 500 in a row wait for the refill', () => {
  const account = new Account().group({ MaxSize: 2000, DesiredCapacity: 1300 }, 60 * SECOND);
  expect(account.g.Instances.length).toBeLessThan(1150);
  expect(account.wait(240 * SECOND).g.Instances).toHaveLength(1300);
  const apart = new Account({ limits: { autoScalingDraws: false } }).group(
    { MaxSize: 2000, DesiredCapacity: 1300 },
    60 * SECOND,
  );
  expect(apart.g.Instances).toHaveLength(1300);
});

test('every row has figures and a source', () => {
  for (const row of LIMITS) {
    expect(row.capacity).toBeGreaterThan(0);
    expect(row.refillPerSecond).toBeGreaterThan(0);
    expect(row.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/|^not published; chosen/);
  }
});
