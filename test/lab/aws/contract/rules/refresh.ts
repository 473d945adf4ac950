import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  PutWarmPoolCommand,
  RollbackInstanceRefreshCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target, until } from '../rule.ts';
import { described, desire, GROUP, group, idsIn, members, named, serving, settled } from '../scene.ts';

const api = (call: string): string => `autoscaling/ec2/APIReference/API_${call}.html`;
const guide = (page: string): string => `autoscaling/ec2/userguide/${page}.html`;
const REFRESH = guide('instance-refresh-overview');

const start = async (t: Target, Preferences: object = {}, more: object = {}) =>
  (await t.autoscaling.send(new StartInstanceRefreshCommand({ ...named, Preferences, ...more }))).InstanceRefreshId!;
const cancel = (t: Target) => t.autoscaling.send(new CancelInstanceRefreshCommand(named));
const rollBack = (t: Target) => t.autoscaling.send(new RollbackInstanceRefreshCommand(named));
const look = async (t: Target) =>
  (await t.autoscaling.send(new DescribeInstanceRefreshesCommand(named))).InstanceRefreshes![0]!;
const ended = (t: Target, status: string) => until(t, status, async () => (await look(t)).Status === status);

/** The fewest instances in service until the refresh was successful. */
async function least(t: Target): Promise<number> {
  let fewest = Infinity;
  await until(t, 'successful', async () => {
    fewest = Math.min(fewest, (await members(t, 'InService')).length);
    return (await look(t)).Status === 'Successful';
  });
  return fewest;
}

async function version(t: Target, data: object = {}): Promise<string> {
  const { LaunchTemplateVersion } = await t.ec2.send(
    new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: GROUP, SourceVersion: '1', LaunchTemplateData: data }),
  );
  return String(LaunchTemplateVersion?.VersionNumber);
}

const to = (Version: string) => ({ DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: GROUP, Version } } });

const REFUSED: readonly (readonly [string, object])[] = [
  ['a minimum above 100', { MinHealthyPercentage: 101 }],
  ['a maximum below 100', { MinHealthyPercentage: 50, MaxHealthyPercentage: 99 }],
  ['a maximum above 200', { MinHealthyPercentage: 100, MaxHealthyPercentage: 201 }],
  ['a maximum without a minimum', { MaxHealthyPercentage: 150 }],
  ['more than 100 between minimum and maximum', { MinHealthyPercentage: 0, MaxHealthyPercentage: 150 }],
  ['checkpoints that do not rise', { CheckpointPercentages: [50, 20, 100] }],
  ['a delay without checkpoints', { CheckpointDelay: 60 }],
];

export const refreshRules: readonly Rule[] = [
  rule('a refresh replaces every instance, and ends successful at 100 percent', REFRESH, async (t) => {
    const before = await serving(t, 4);
    await start(t, { MinHealthyPercentage: 50, InstanceWarmup: 30 });
    await ended(t, 'Successful');
    expect(await look(t)).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
    expect((await idsIn(t, 'InService')).filter((id) => before.includes(id))).toEqual([]);
  }),
  rule('a refresh takes its time: it is not successful at once', REFRESH, async (t) => {
    await serving(t, 2);
    await start(t);
    expect((await look(t)).Status).toMatch(/^(Pending|InProgress)$/);
  }),
  rule('without preferences, 90 percent stay healthy', api('RefreshPreferences'), async (t) => {
    await serving(t, 10);
    await start(t, { InstanceWarmup: 0 });
    expect(await least(t)).toBe(9);
  }),
  rule('the minimum of healthy instances is kept all along', REFRESH, async (t) => {
    await serving(t, 10);
    await start(t, { MinHealthyPercentage: 80, InstanceWarmup: 0 });
    expect(await least(t)).toBe(8);
  }),
  rule(
    'at 100 and 200 percent, all replacements are launched before any instance ends',
    guide('instance-maintenance-policy-overview-and-considerations'),
    async (t) => {
      const before = await serving(t, 4, { MaxSize: 10 });
      await start(t, { MinHealthyPercentage: 100, MaxHealthyPercentage: 200, InstanceWarmup: 0 });
      let most = 4;
      let least = 4;
      await until(t, 'successful', async () => {
        const all = await members(t);
        most = Math.max(most, all.length);
        least = Math.min(least, all.filter(({ LifecycleState }) => LifecycleState === 'InService').length);
        return (await look(t)).Status === 'Successful';
      });
      expect([most, least]).toEqual([8, 4]);
      expect((await idsIn(t, 'InService')).filter((id) => before.includes(id))).toEqual([]);
    },
  ),
  ...REFUSED.map(([what, preferences]) =>
    rule(`a refresh is not started with ${what}`, api('RefreshPreferences'), async (t) => {
      await serving(t, 1);
      await refused(start(t, preferences), 'ValidationError');
    }),
  ),
  rule('a second refresh is refused while one is under way', api('StartInstanceRefresh'), async (t) => {
    await serving(t, 2);
    await start(t);
    await refused(start(t), /^InstanceRefreshInProgress/);
  }),
  rule('a refresh of a group that is not there is refused', api('StartInstanceRefresh'), async (t) => {
    await refused(start(t), 'ValidationError');
  }),
  rule('a cancelled refresh stops, and takes nothing back', api('CancelInstanceRefresh'), async (t) => {
    await serving(t, 4);
    await start(t, { MinHealthyPercentage: 75 });
    await cancel(t);
    await ended(t, 'Cancelled');
    await settled(t, 4);
  }),
  rule('where nothing is under way, nothing is cancelled or rolled back', api('CancelInstanceRefresh'), async (t) => {
    await group(t);
    await refused(cancel(t), /^ActiveInstanceRefreshNotFound/);
    await refused(rollBack(t), /^ActiveInstanceRefreshNotFound/);
  }),
  rule('a refresh to a desired configuration makes it the group’s', REFRESH, async (t) => {
    await serving(t, 2, { LaunchTemplate: { LaunchTemplateName: GROUP, Version: '1' } });
    const Version = await version(t, { InstanceType: 'c6g.large' });
    await start(t, { MinHealthyPercentage: 50, InstanceWarmup: 0 }, to(Version));
    await ended(t, 'Successful');
    const machines = await described(t, await idsIn(t, 'InService'));
    expect(machines.map(({ InstanceType }) => InstanceType)).toEqual(['c6g.large', 'c6g.large']);
    expect((await members(t, 'InService'))[0]?.LaunchTemplate?.Version).toBe(Version);
  }),
  rule(
    'SkipMatching leaves instances that are as wanted',
    guide('understand-instance-refresh-default-values'),
    async (t) => {
      const before = await serving(t, 2, { LaunchTemplate: { LaunchTemplateName: GROUP, Version: '1' } });
      await start(t, { SkipMatching: true }, to('1'));
      await ended(t, 'Successful');
      expect((await idsIn(t, 'InService')).sort()).toEqual(before.sort());
    },
  ),
  rule('a rollback puts back what was there before', guide('instance-refresh-rollback'), async (t) => {
    await serving(t, 4, { LaunchTemplate: { LaunchTemplateName: GROUP, Version: '1' } });
    const Version = await version(t, { InstanceType: 'c6g.large' });
    await start(t, { MinHealthyPercentage: 75, InstanceWarmup: 0 }, to(Version));
    await until(t, 'one replaced', async () =>
      (await members(t)).some(
        ({ LaunchTemplate, LifecycleState }) => LifecycleState === 'InService' && LaunchTemplate?.Version === Version,
      ),
    );
    await rollBack(t);
    await ended(t, 'RollbackSuccessful');
    await settled(t, 4);
    expect((await members(t, 'InService')).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(
      Array(4).fill('1'),
    );
  }),
  rule(
    'a refresh without a desired configuration cannot be rolled back',
    guide('instance-refresh-rollback'),
    async (t) => {
      await serving(t, 2);
      await start(t);
      await refused(rollBack(t), /^(IrreversibleInstanceRefresh|ValidationError)/);
    },
  ),
  rule(
    'a rollback is refused where the image is a parameter of Systems Manager',
    guide('instance-refresh-rollback'),
    async (t) => {
      const ImageId = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
      await serving(t, 2, { LaunchTemplate: { LaunchTemplateName: GROUP, Version: '1' } }, { ImageId });
      await start(t, {}, to(await version(t, { InstanceType: 'c6g.large' })));
      await refused(rollBack(t), /^(IrreversibleInstanceRefresh|ValidationError)/);
    },
  ),
  rule('a checkpoint waits for its delay', guide('asg-adding-checkpoints-instance-refresh'), async (t) => {
    const before = await serving(t, 4);
    await start(t, {
      MinHealthyPercentage: 50,
      InstanceWarmup: 0,
      CheckpointPercentages: [50, 100],
      CheckpointDelay: 3600,
    });
    await until(t, 'half', async () => (await look(t)).PercentageComplete === 50);
    await t.pass(1800);
    expect((await idsIn(t, 'InService')).filter((id) => before.includes(id))).toHaveLength(2);
    await t.pass(5400);
    await ended(t, 'Successful');
  }),
  rule('protected instances are waited for, unless told otherwise', api('RefreshPreferences'), async (t) => {
    const ids = await serving(t, 1);
    await t.autoscaling.send(
      new SetInstanceProtectionCommand({ ...named, InstanceIds: ids, ProtectedFromScaleIn: true }),
    );
    await start(t, { ScaleInProtectedInstances: 'Wait', MinHealthyPercentage: 0 });
    await t.pass(900);
    expect([await idsIn(t, 'InService'), (await look(t)).Status]).toEqual([ids, 'InProgress']);
  }),
  rule('protected instances are ignored where that is asked', api('RefreshPreferences'), async (t) => {
    const ids = await serving(t, 2);
    await t.autoscaling.send(
      new SetInstanceProtectionCommand({ ...named, InstanceIds: ids.slice(0, 1), ProtectedFromScaleIn: true }),
    );
    await start(t, { ScaleInProtectedInstances: 'Ignore', MinHealthyPercentage: 0, InstanceWarmup: 0 });
    await ended(t, 'Successful');
    const now = await idsIn(t, 'InService');
    expect([now.includes(ids[0]!), now.includes(ids[1]!)]).toEqual([true, false]);
  }),
  rule('protected instances are refreshed where that is asked', api('RefreshPreferences'), async (t) => {
    const ids = await serving(t, 1, { NewInstancesProtectedFromScaleIn: true });
    await start(t, { ScaleInProtectedInstances: 'Refresh', MinHealthyPercentage: 0, InstanceWarmup: 0 });
    await ended(t, 'Successful');
    expect(await idsIn(t, 'InService')).not.toContain(ids[0]);
  }),
  rule('a bake time holds the end back', guide('instance-refresh-bake-time'), async (t) => {
    await serving(t, 1);
    await start(t, { MinHealthyPercentage: 0, InstanceWarmup: 0, BakeTime: 1800 });
    await ended(t, 'Baking');
    await t.pass(1000);
    expect((await look(t)).Status).toBe('Baking');
    await ended(t, 'Successful');
  }),
  rule(
    'a refresh of root volumes needs a mixed instances policy with images',
    guide('replace-root-volume'),
    async (t) => {
      await serving(t, 1);
      await refused(start(t, {}, { Strategy: 'ReplaceRootVolume', ...to('1') }), 'ValidationError');
    },
  ),
  rule('a refresh of root volumes is refused with a warm pool', guide('replace-root-volume'), async (t) => {
    await serving(t, 1, { MaxSize: 2 });
    await t.autoscaling.send(new PutWarmPoolCommand(named));
    await refused(start(t, {}, { Strategy: 'ReplaceRootVolume' }), 'ValidationError');
  }),
  rule('the desired capacity changes freely during a refresh', REFRESH, async (t) => {
    await serving(t, 2);
    await start(t, { MinHealthyPercentage: 50, InstanceWarmup: 0 });
    await desire(t, 3);
    await ended(t, 'Successful');
    await settled(t, 3);
  }),
  rule('refreshes are told of by id, the newest first', api('DescribeInstanceRefreshes'), async (t) => {
    await serving(t, 1);
    const first = await start(t, { MinHealthyPercentage: 0, InstanceWarmup: 0 });
    await ended(t, 'Successful');
    const second = await start(t, { MinHealthyPercentage: 0, InstanceWarmup: 0 });
    const { InstanceRefreshes } = await t.autoscaling.send(new DescribeInstanceRefreshesCommand(named));
    expect(InstanceRefreshes?.map(({ InstanceRefreshId }) => InstanceRefreshId)).toEqual([second, first]);
    const one = await t.autoscaling.send(
      new DescribeInstanceRefreshesCommand({ ...named, InstanceRefreshIds: [first] }),
    );
    expect(one.InstanceRefreshes?.map(({ Status }) => Status)).toEqual(['Successful']);
  }),
];
