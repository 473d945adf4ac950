import {
  CreateLaunchTemplateVersionCommand,
  CreateReplaceRootVolumeTaskCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeReplaceRootVolumeTasksCommand,
  ModifyLaunchTemplateCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { type Rule, refused, rule, until } from '../rule.ts';
import { described, IMAGE, running, states, template } from '../scene.ts';

const api = (call: string): string => `AWSEC2/latest/APIReference/API_${call}.html`;
const ROOT = 'AWSEC2/latest/UserGuide/replace-root.html';

export const templateRules: readonly Rule[] = [
  rule('a launch template begins with version 1, its default and latest', api('CreateLaunchTemplate'), async (t) => {
    const LaunchTemplateId = await template(t);
    expect(LaunchTemplateId).toMatch(/^lt-[0-9a-f]{17}$/);
    const { LaunchTemplates } = await t.ec2.send(
      new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [LaunchTemplateId] }),
    );
    expect(LaunchTemplates?.[0]).toMatchObject({
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
      LaunchTemplateName: 'workers',
    });
  }),
  rule('the name of a launch template is taken once', api('CreateLaunchTemplate'), async (t) => {
    await template(t);
    await refused(template(t), /^InvalidLaunchTemplateName\.AlreadyExists/);
  }),
  rule('a new version becomes the latest, and the default stays', api('CreateLaunchTemplateVersion'), async (t) => {
    const LaunchTemplateId = await template(t);
    const { LaunchTemplateVersion } = await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: { ImageId: IMAGE } }),
    );
    expect(LaunchTemplateVersion).toMatchObject({ VersionNumber: 2, DefaultVersion: false });
  }),
  rule('a version without a source has only what it says', api('CreateLaunchTemplateVersion'), async (t) => {
    const LaunchTemplateId = await template(t);
    const { LaunchTemplateVersion } = await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: { InstanceType: 'c6g.large' } }),
    );
    expect(LaunchTemplateVersion?.LaunchTemplateData?.ImageId).toBeUndefined();
  }),
  rule(
    'a version with a source has what the source says, but for what it says itself',
    api('CreateLaunchTemplateVersion'),
    async (t) => {
      const LaunchTemplateId = await template(t);
      const { LaunchTemplateVersion } = await t.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion: '1',
          LaunchTemplateData: { InstanceType: 'c6g.large' },
        }),
      );
      expect(LaunchTemplateVersion?.LaunchTemplateData).toMatchObject({ ImageId: IMAGE, InstanceType: 'c6g.large' });
    },
  ),
  rule('a source that is not there is refused', api('CreateLaunchTemplateVersion'), async (t) => {
    const LaunchTemplateId = await template(t);
    await refused(
      t.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion: '9',
          LaunchTemplateData: { KeyName: 'a' },
        }),
      ),
      'InvalidLaunchTemplateId.VersionNotFound',
    );
  }),
  rule('$Latest and $Default name versions', api('DescribeLaunchTemplateVersions'), async (t) => {
    const LaunchTemplateId = await template(t);
    await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { KeyName: 'a' },
      }),
    );
    const numbers = async (version: string) =>
      (
        await t.ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version] }))
      ).LaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber);
    expect([await numbers('$Latest'), await numbers('$Default')]).toEqual([[2], [1]]);
  }),
  rule('the default version is set by its number', api('ModifyLaunchTemplate'), async (t) => {
    const LaunchTemplateId = await template(t);
    await t.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { KeyName: 'a' },
      }),
    );
    const { LaunchTemplate } = await t.ec2.send(
      new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '2' }),
    );
    expect(LaunchTemplate?.DefaultVersionNumber).toBe(2);
  }),
  rule('a deleted launch template is not found again', api('DeleteLaunchTemplate'), async (t) => {
    const LaunchTemplateId = await template(t);
    await t.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    await refused(
      t.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [LaunchTemplateId] })),
      /^InvalidLaunchTemplateId\.NotFound/,
    );
  }),
  rule('a root volume is replaced by a task, and the instance stays what it is', ROOT, async (t) => {
    const [InstanceId = ''] = await running(t, 1);
    const [before] = await described(t, [InstanceId]);
    const { ReplaceRootVolumeTask: task } = await t.ec2.send(new CreateReplaceRootVolumeTaskCommand({ InstanceId }));
    expect(task).toMatchObject({ InstanceId, TaskState: expect.stringMatching(/^(pending|in-progress)$/) as string });
    const look = async () =>
      (
        await t.ec2.send(
          new DescribeReplaceRootVolumeTasksCommand({ ReplaceRootVolumeTaskIds: [task!.ReplaceRootVolumeTaskId!] }),
        )
      ).ReplaceRootVolumeTasks?.[0];
    await until(t, 'succeeded', async () => (await look())?.TaskState === 'succeeded');
    expect((await look())?.CompleteTime).toBeDefined();
    expect((await described(t, [InstanceId]))[0]).toMatchObject({
      State: { Name: 'running' },
      PrivateIpAddress: before?.PrivateIpAddress,
    });
  }),
  rule('only the root volume of a running instance is replaced', ROOT, async (t) => {
    const [InstanceId = ''] = await running(t, 1);
    await t.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await until(t, 'stopped', async () => (await states(t, [InstanceId]))[0] === 'stopped');
    await refused(t.ec2.send(new CreateReplaceRootVolumeTaskCommand({ InstanceId })), 'IncorrectInstanceState');
  }),
  rule('tasks of root volumes are found by instance', api('DescribeReplaceRootVolumeTasks'), async (t) => {
    const [a = '', b = ''] = await running(t, 2);
    for (const InstanceId of [a, b]) await t.ec2.send(new CreateReplaceRootVolumeTaskCommand({ InstanceId }));
    const Filters = [{ Name: 'instance-id', Values: [b] }];
    const { ReplaceRootVolumeTasks } = await t.ec2.send(new DescribeReplaceRootVolumeTasksCommand({ Filters }));
    expect(ReplaceRootVolumeTasks?.map(({ InstanceId }) => InstanceId)).toEqual([b]);
  }),
];
