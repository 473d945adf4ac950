import { expect, test } from 'vitest';
import type { InstanceRefresh, RefreshPreferences } from '../../../lib/aws-model/refresh-types.ts';
import { Account, faultOf, MINUTE, SECOND } from './account.ts';

const g = { AutoScalingGroupName: 'g' };

function account(input: object = {}): Account {
  const made = new Account().group({ MaxSize: 40, DesiredCapacity: 10, ...input });
  made.model.ec2.createLaunchTemplateVersion({
    LaunchTemplateName: 'lt',
    SourceVersion: '1',
    LaunchTemplateData: { ImageId: 'ami-2' },
  });
  return made;
}

const SECOND_VERSION = { LaunchTemplate: { LaunchTemplateName: 'lt', Version: '2' } };

function start(
  made: Account,
  Preferences: RefreshPreferences = {},
  DesiredConfiguration: object | undefined = SECOND_VERSION,
): void {
  made.model.autoscaling.startInstanceRefresh({ ...g, Preferences, DesiredConfiguration });
}

function refresh(made: Account): InstanceRefresh {
  const [newest] = made.model.autoscaling.describeInstanceRefreshes(g).InstanceRefreshes;
  if (newest === undefined) throw new Error('there is no refresh');
  return newest;
}

/** Steps until the refresh ends. @returns fewest in service and most in all, on the way. */
function run(made: Account, mostMinutes = 120): { least: number; most: number; minutes: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const began = made.model.now;
  while (refresh(made).EndTime === undefined && made.model.now < began + mostMinutes * MINUTE) {
    made.wait(SECOND);
    const { InService = 0, Pending = 0 } = made.states;
    least = Math.min(least, InService);
    most = Math.max(most, InService + Pending);
  }
  return { least, most, minutes: (made.model.now - began) / MINUTE };
}

const images = (made: Account) => [
  ...new Set(made.members.filter(({ LifecycleState }) => LifecycleState === 'InService').map(({ ImageId }) => ImageId)),
];

test('by default a tenth is replaced at a time, ended first', () => {
  const made = account();
  start(made);
  expect(run(made)).toMatchObject({ least: 9, most: 10 });
  expect(refresh(made)).toMatchObject({ Status: 'Successful', PercentageComplete: 100, InstancesToUpdate: 0 });
  expect(images(made)).toEqual(['ami-2']);
  expect(made.g.LaunchTemplate?.Version).toBe('2');
});

test('at 100 and 200 percent all are launched ahead, in one wave', () => {
  const made = account();
  start(made, { MinHealthyPercentage: 100, MaxHealthyPercentage: 200, InstanceWarmup: 60 });
  const { least, most, minutes } = run(made);
  expect([least, most]).toEqual([10, 20]);
  expect(minutes).toBeLessThan(2);
});

test('a minimum of 100 percent replaces one at a time, launched ahead', () => {
  const made = account({ DesiredCapacity: 3 });
  start(made, { MinHealthyPercentage: 100 });
  expect(run(made)).toMatchObject({ least: 3, most: 4 });
});

test('the warm-up is waited for before the next batch', () => {
  const quick = account();
  start(quick, { MinHealthyPercentage: 50, InstanceWarmup: 0 });
  const slow = account();
  start(slow, { MinHealthyPercentage: 50, InstanceWarmup: 300 });
  expect(run(slow).minutes - run(quick).minutes).toBeGreaterThan(9.5);
});

test('until it has ended the group keeps what it was, and a cancelled one leaves it so', () => {
  const made = account();
  start(made);
  made.wait(30 * SECOND);
  expect(made.g.LaunchTemplate?.Version).toBe('1');
  made.model.autoscaling.cancelInstanceRefresh(g);
  made.wait(5 * MINUTE);
  expect(refresh(made).Status).toBe('Cancelled');
  expect(made.g.LaunchTemplate?.Version).toBe('1');
  expect(made.states).toEqual({ InService: 10 });
  expect(images(made).sort()).toEqual(['ami-1', 'ami-2']);
});

test('a checkpoint waits, and a last one below 100 percent ends the refresh there', () => {
  const made = account();
  start(made, { MinHealthyPercentage: 0, CheckpointPercentages: [20, 50], CheckpointDelay: 600 });
  made.wait(5 * MINUTE);
  expect(refresh(made)).toMatchObject({ PercentageComplete: 20, InstancesToUpdate: 8 });
  run(made);
  expect(refresh(made).Status).toBe('Successful');
  expect(made.members.filter(({ ImageId }) => ImageId === 'ami-2')).toHaveLength(5);
});

test('bake time keeps it open after the last instance', () => {
  const made = account();
  start(made, { MinHealthyPercentage: 0, BakeTime: 600 });
  made.wait(3 * MINUTE);
  expect(refresh(made)).toMatchObject({ Status: 'Baking', PercentageComplete: 100 });
  expect(run(made).minutes).toBeGreaterThan(7);
  expect(refresh(made).Status).toBe('Successful');
});

test('skip matching replaces only what differs', () => {
  const made = account();
  start(made, { MinHealthyPercentage: 0 });
  run(made);
  const before = made.ids('InService');
  start(made, { SkipMatching: true });
  made.wait(MINUTE);
  expect(refresh(made)).toMatchObject({ Status: 'Successful', PercentageComplete: 100 });
  expect(made.ids('InService')).toEqual(before);
});

test.each([
  ['Refresh', 'Successful', 0],
  ['Ignore', 'Successful', 1],
  ['Wait', 'Failed', 1],
])('protected instances: %s', (ScaleInProtectedInstances, status, kept) => {
  const made = account({ DesiredCapacity: 2 });
  const InstanceIds = made.ids().slice(0, 1);
  made.model.autoscaling.setInstanceProtection({ ...g, InstanceIds, ProtectedFromScaleIn: true });
  start(made, { MinHealthyPercentage: 0, ScaleInProtectedInstances });
  run(made);
  expect(refresh(made).Status).toBe(status);
  expect(made.ids('InService').filter((id) => InstanceIds.includes(id))).toHaveLength(kept);
});

test.each([
  ['Terminate', 'Successful', 0],
  ['Ignore', 'Successful', 1],
  ['Wait', 'Failed', 1],
])('instances in standby: %s', (StandbyInstances, status, kept) => {
  const made = account({ DesiredCapacity: 2 });
  const InstanceIds = made.ids().slice(0, 1);
  made.model.autoscaling.enterStandby({ ...g, InstanceIds, ShouldDecrementDesiredCapacity: true });
  made.wait(MINUTE);
  start(made, { MinHealthyPercentage: 0, StandbyInstances });
  run(made);
  made.wait(MINUTE);
  expect(refresh(made).Status).toBe(status);
  expect(made.ids('Standby')).toHaveLength(kept);
});

test('a rollback replaces what was deployed by what was before', () => {
  const made = account();
  start(made);
  made.wait(MINUTE);
  expect(images(made).sort()).toEqual(['ami-1', 'ami-2']);
  made.model.autoscaling.rollbackInstanceRefresh(g);
  expect(refresh(made)).toMatchObject({ Status: 'RollbackInProgress' });
  run(made);
  expect(refresh(made).Status).toBe('RollbackSuccessful');
  expect(images(made)).toEqual(['ami-1']);
  expect(made.wait(MINUTE).states).toEqual({ InService: 10 });
});

test('an alarm fails the refresh, and with AutoRollback takes it back', () => {
  const made = account();
  const { cloudwatch } = made.model;
  cloudwatch.putMetricAlarm({
    AlarmName: 'sick',
    Namespace: 'N',
    MetricName: 'M',
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  });
  start(made, { AutoRollback: true, AlarmSpecification: { Alarms: ['sick'] } });
  made.wait(MINUTE);
  cloudwatch.setAlarmState({ AlarmName: 'sick', StateValue: 'ALARM', StateReason: 'test' });
  run(made);
  expect(refresh(made)).toMatchObject({
    Status: 'RollbackSuccessful',
    RollbackDetails: { RollbackReason: 'The CloudWatch alarm sick is in ALARM state' },
  });
  expect(images(made)).toEqual(['ami-1']);
});

test('machines that never come up fail the refresh after an hour', () => {
  const made = account({ LifecycleHookSpecificationList: [] });
  for (const zone of ['a', 'b', 'c']) made.model.world.setCapacity({ zone: `eu-west-3${zone}`, available: 0 });
  start(made);
  expect(run(made, 90).minutes).toBeGreaterThan(59);
  expect(refresh(made).Status).toBe('Failed');
});

test.each([
  [
    'a version that is $Latest',
    { LaunchTemplate: { LaunchTemplateName: 'lt', Version: '$Latest' } },
    '$Latest or $Default',
  ],
  [
    'an image by a parameter',
    { LaunchTemplate: { LaunchTemplateName: 'ssm', Version: '1' } },
    'Systems Manager parameter',
  ],
])('fails: a rollback of a group with %s', (_, before, words) => {
  const made = new Account();
  made.model.ec2.createLaunchTemplate({
    LaunchTemplateName: 'ssm',
    LaunchTemplateData: { ImageId: 'resolve:ssm:/image', InstanceType: 'm6g.large' },
  });
  made.group(before);
  start(made, {}, { LaunchTemplate: { LaunchTemplateName: 'lt', Version: '1' } });
  expect(faultOf(() => made.model.autoscaling.rollbackInstanceRefresh(g))).toContain(`IrreversibleInstanceRefresh: `);
  expect(faultOf(() => made.model.autoscaling.rollbackInstanceRefresh(g))).toContain(words);
});

test.each([
  [{ MaxHealthyPercentage: 150 }, 'must also specify MinHealthyPercentage'],
  [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 200 }, 'greater than 100'],
  [{ MinHealthyPercentage: 101 }, 'between 0 and 100'],
  [{ CheckpointPercentages: [50, 50] }, 'unique, ascending'],
  [{ CheckpointDelay: 5 }, 'must also specify CheckpointPercentages'],
])('fails: the preferences %j', (preferences, words) => {
  expect(faultOf(() => start(account(), preferences))).toContain(words);
});

test('fails: a second refresh beside one, a rollback without a desired configuration', () => {
  const made = account();
  made.model.autoscaling.startInstanceRefresh(g);
  expect(faultOf(() => start(made))).toContain('InstanceRefreshInProgress');
  expect(faultOf(() => made.model.autoscaling.rollbackInstanceRefresh(g))).toContain('needs a desired configuration');
});

const mixed = (ImageId?: string) => ({
  MixedInstancesPolicy: {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateName: 'lt', Version: '1' },
      Overrides: [{ InstanceType: 'm6g.large', ...(ImageId !== undefined && { ImageId }) }],
    },
  },
});

test('root volumes are replaced with the instances kept', () => {
  const made = account(mixed('ami-1'));
  const before = made.ids();
  const input = { ...g, Strategy: 'ReplaceRootVolume', DesiredConfiguration: mixed('ami-9') };
  made.model.autoscaling.startInstanceRefresh({ ...input, Preferences: { MinHealthyPercentage: 50 } });
  made.wait(10 * SECOND);
  expect(made.states).toEqual({ InService: 5, ReplacingRootVolume: 5 });
  expect(run(made).minutes).toBeLessThan(4);
  expect(refresh(made).Status).toBe('Successful');
  expect(made.ids()).toEqual(before);
  expect(images(made)).toEqual(['ami-9']);
});

test('fails: root volumes without a mixed policy, without images, with a warm pool', () => {
  const begin = (made: Account, DesiredConfiguration: object) =>
    faultOf(() =>
      made.model.autoscaling.startInstanceRefresh({ ...g, Strategy: 'ReplaceRootVolume', DesiredConfiguration }),
    );
  expect(begin(account(), mixed('ami-9'))).toContain('needs an Auto Scaling group with a mixed instances policy');
  const made = account(mixed('ami-1'));
  expect(begin(made, mixed())).toContain('overrides all have an ImageId');
  made.model.autoscaling.putWarmPool(g);
  expect(begin(made, mixed('ami-9'))).toContain('does not work with a warm pool');
});
