import {
  CreateFleetCommand,
  CreateTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { type Rule, refused, rule, until } from '../rule.ts';
import { described, IMAGE, run, running, states, template } from '../scene.ts';

const api = (call: string): string => `AWSEC2/latest/APIReference/API_${call}.html`;
const ERRORS = 'AWSEC2/latest/APIReference/errors-overview.html';
const LIFECYCLE = 'AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html';
const UNKNOWN = 'i-0123456789abcdef0';

export const instanceRules: readonly Rule[] = [
  rule('RunInstances gives a reservation with its instances, pending', api('RunInstances'), async (t) => {
    const given = await t.ec2.send(
      new RunInstancesCommand({ ImageId: IMAGE, InstanceType: 'm6g.large', MinCount: 2, MaxCount: 3 }),
    );
    expect(given.ReservationId).toMatch(/^r-[0-9a-f]{17}$/);
    expect(given.Instances?.map(({ State }) => [State?.Code, State?.Name])).toEqual(Array(3).fill([0, 'pending']));
    expect(given.Instances?.[0]?.InstanceId).toMatch(/^i-[0-9a-f]{17}$/);
  }),
  rule('an instance is pending for a while, then running with code 16', LIFECYCLE, async (t) => {
    const ids = await run(t, 1);
    expect(await states(t, ids)).toEqual(['pending']);
    await until(t, 'running', async () => (await states(t, ids))[0] === 'running');
    expect((await described(t, ids))[0]?.State?.Code).toBe(16);
  }),
  rule('RunInstances needs an image', api('RunInstances'), async (t) => {
    await refused(
      t.ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, InstanceType: 'm6g.large' })),
      'MissingParameter',
    );
  }),
  rule('RunInstances needs counts', api('RunInstances'), async (t) => {
    await refused(
      t.ec2.send(new RunInstancesCommand({ ImageId: IMAGE, MaxCount: 1 } as never)),
      'MissingParameter',
      /MinCount/,
    );
  }),
  rule('RunInstances refuses a minimum above the maximum', api('RunInstances'), async (t) => {
    await refused(run(t, 1, { MinCount: 3, MaxCount: 2 }), /^InvalidParameter(Value|Combination)$/);
  }),
  rule('RunInstances refuses a minimum of none', api('RunInstances'), async (t) => {
    await refused(run(t, 1, { MinCount: 0, MaxCount: 2 }), 'InvalidParameterValue');
  }),
  rule('RunInstances refuses a subnet that is not there', ERRORS, async (t) => {
    await refused(run(t, 1, { SubnetId: 'subnet-0123456789abcdef0' }), 'InvalidSubnetID.NotFound');
  }),
  rule('an instance is in the zone of its subnet', api('RunInstances'), async (t) => {
    const [, , third] = t.subnets;
    const [id = ''] = await run(t, 1, { SubnetId: third!.id });
    expect((await described(t, [id]))[0]?.Placement?.AvailabilityZone).toBe(third!.zone);
  }),
  rule('instances have addresses of their own, taken from the subnet', api('DescribeSubnets'), async (t) => {
    const free = async () =>
      (await t.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [t.subnets[0]!.id] }))).Subnets![0]!
        .AvailableIpAddressCount!;
    const before = await free();
    const ids = await running(t, 5);
    expect(new Set((await described(t, ids)).map(({ PrivateIpAddress }) => PrivateIpAddress)).size).toBe(5);
    expect(await free()).toBe(before - 5);
  }),
  rule('a terminated instance gives its address back', api('TerminateInstances'), async (t) => {
    const free = async () =>
      (await t.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [t.subnets[0]!.id] }))).Subnets![0]!
        .AvailableIpAddressCount!;
    const ids = await running(t, 2);
    const before = await free();
    await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    await until(t, 'terminated', async () => (await states(t, ids)).every((state) => state === 'terminated'));
    expect(await free()).toBe(before + 2);
  }),
  rule(
    'more vCPU than the quota: VcpuLimitExceeded, and nothing is launched',
    'AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
    async (t) => {
      await refused(run(t, 100, { InstanceType: 'm6g.16xlarge' }), 'VcpuLimitExceeded');
      expect((await t.ec2.send(new DescribeInstancesCommand({}))).Reservations ?? []).toEqual([]);
    },
  ),
  rule('between minimum and maximum, as many as the quota allows', api('RunInstances'), async (t) => {
    const { Instances = [] } = await t.ec2.send(
      new RunInstancesCommand({ ImageId: IMAGE, InstanceType: 'm6g.16xlarge', MinCount: 1, MaxCount: 100 }),
    );
    expect(Instances.length).toBeGreaterThan(0);
    expect(Instances.length).toBeLessThan(100);
  }),
  rule(
    'stopped instances take no vCPU of the quota',
    'AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
    async (t) => {
      const large = { InstanceType: 'm6g.16xlarge' } as const;
      const ids = await running(t, 60, large);
      await refused(run(t, 10, large), 'VcpuLimitExceeded');
      await t.ec2.send(new StopInstancesCommand({ InstanceIds: ids.slice(0, 10) }));
      await until(t, 'stopped', async () => (await states(t, ids.slice(0, 10))).every((state) => state === 'stopped'));
      await run(t, 10, large);
    },
  ),
  rule('the same client token gives the same instances', 'ec2/latest/devguide/ec2-api-idempotency.html', async (t) => {
    const once = await run(t, 2, { ClientToken: 'wave-1' });
    expect(await run(t, 2, { ClientToken: 'wave-1' })).toEqual(once);
  }),
  rule('a Spot instance says so, an on-demand one says nothing', api('Instance'), async (t) => {
    const [spot = ''] = await run(t, 1, { InstanceMarketOptions: { MarketType: 'spot' } });
    const [demand = ''] = await run(t, 1);
    expect((await described(t, [spot]))[0]?.InstanceLifecycle).toBe('spot');
    expect((await described(t, [demand]))[0]?.InstanceLifecycle).toBeUndefined();
  }),
  rule('tags of a launch are there at once', api('RunInstances'), async (t) => {
    const ids = await run(t, 1, {
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'analysis' }] }],
    });
    expect((await described(t, ids))[0]?.Tags).toEqual([{ Key: 'team', Value: 'analysis' }]);
  }),
  rule('CreateTags adds tags and overwrites those of the same key', api('CreateTags'), async (t) => {
    const ids = await running(t, 1);
    for (const Value of ['a', 'b'])
      await t.ec2.send(new CreateTagsCommand({ Resources: ids, Tags: [{ Key: 'wave', Value }] }));
    expect((await described(t, ids))[0]?.Tags).toEqual([{ Key: 'wave', Value: 'b' }]);
  }),
  rule('a launch by template takes what the template says', api('RunInstances'), async (t) => {
    await template(t, { InstanceType: 'c6g.xlarge' });
    const { Instances } = await t.ec2.send(
      new RunInstancesCommand({ LaunchTemplate: { LaunchTemplateName: 'workers' }, MinCount: 1, MaxCount: 1 }),
    );
    expect(Instances?.[0]).toMatchObject({ InstanceType: 'c6g.xlarge', ImageId: IMAGE });
  }),
  rule('what a launch says itself goes before the template', api('RunInstances'), async (t) => {
    await template(t, { InstanceType: 'c6g.xlarge' });
    const ids = await run(t, 1, { LaunchTemplate: { LaunchTemplateName: 'workers' }, InstanceType: 'm6g.2xlarge' });
    expect((await described(t, ids))[0]?.InstanceType).toBe('m6g.2xlarge');
  }),
  rule('a launch by a template that is not there is refused', ERRORS, async (t) => {
    const by = (LaunchTemplate: object) =>
      t.ec2.send(new RunInstancesCommand({ LaunchTemplate, MinCount: 1, MaxCount: 1 }));
    await refused(by({ LaunchTemplateName: 'none' }), /^InvalidLaunchTemplateName\.NotFound/);
    await refused(by({ LaunchTemplateId: 'lt-0123456789abcdef0' }), /^InvalidLaunchTemplateId\.NotFound/);
  }),
  rule('TerminateInstances tells the state before and now, shutting-down', api('TerminateInstances'), async (t) => {
    const ids = await running(t, 1);
    const { TerminatingInstances } = await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    expect(TerminatingInstances?.[0]).toMatchObject({
      CurrentState: { Code: 32, Name: 'shutting-down' },
      PreviousState: { Code: 16, Name: 'running' },
    });
  }),
  rule(
    'terminated instances stay visible for about an hour',
    'AWSEC2/latest/UserGuide/terminating-instances.html',
    async (t) => {
      const ids = await running(t, 1);
      await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
      await until(t, 'terminated', async () => (await states(t, ids))[0] === 'terminated');
      await t.pass(20 * 60);
      expect(await states(t, ids)).toEqual(['terminated']);
      await t.pass(2 * 3600);
      expect(await states(t, ids)).toEqual([]);
    },
  ),
  rule('terminating twice succeeds', api('TerminateInstances'), async (t) => {
    const ids = await running(t, 1);
    await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    const again = await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    expect(again.TerminatingInstances?.map(({ InstanceId }) => InstanceId)).toEqual(ids);
  }),
  rule('one unknown id fails the whole TerminateInstances', api('TerminateInstances'), async (t) => {
    const ids = await running(t, 2);
    await refused(
      t.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids, UNKNOWN] })),
      'InvalidInstanceID.NotFound',
    );
    expect(await states(t, ids)).toEqual(['running', 'running']);
  }),
  rule('a malformed id is refused as such', ERRORS, async (t) => {
    await refused(
      t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ['i-nonsense'] })),
      'InvalidInstanceID.Malformed',
    );
  }),
  rule('TerminateInstances takes at most 1,000 ids', api('TerminateInstances'), async (t) => {
    const [id = ''] = await running(t, 1);
    const many = Array.from({ length: 1001 }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
    await refused(
      t.ec2.send(new TerminateInstancesCommand({ InstanceIds: many })),
      /^(InvalidParameterValue|.*LimitExceeded)$/,
    );
    expect(await states(t, [id])).toEqual(['running']);
  }),
  rule(
    'a protected instance is not terminated',
    'AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html',
    async (t) => {
      const ids = await running(t, 1);
      await t.ec2.send(
        new ModifyInstanceAttributeCommand({ InstanceId: ids[0], DisableApiTermination: { Value: true } }),
      );
      await refused(t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids })), 'OperationNotPermitted');
      expect(await states(t, ids)).toEqual(['running']);
      await t.ec2.send(
        new ModifyInstanceAttributeCommand({ InstanceId: ids[0], DisableApiTermination: { Value: false } }),
      );
      await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    },
  ),
  rule('a protected instance spares all of its zone, and none of the others', api('TerminateInstances'), async (t) => {
    const [a = '', b = ''] = await running(t, 2);
    const [c = ''] = await running(t, 1, { SubnetId: t.subnets[1]!.id });
    await t.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: a, DisableApiTermination: { Value: true } }));
    await refused(t.ec2.send(new TerminateInstancesCommand({ InstanceIds: [b, a, c] })), 'OperationNotPermitted');
    expect(await states(t, [a])).toEqual(['running']);
    expect(await states(t, [b])).toEqual(['running']);
    expect((await states(t, [c]))[0]).toMatch(/shutting-down|terminated/);
  }),
  rule('StopInstances: stopping, then stopped with code 80', api('StopInstances'), async (t) => {
    const ids = await running(t, 1);
    const { StoppingInstances } = await t.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    expect(StoppingInstances?.[0]?.CurrentState).toEqual({ Code: 64, Name: 'stopping' });
    await until(t, 'stopped', async () => (await described(t, ids))[0]?.State?.Code === 80);
  }),
  rule('a stopped instance starts again with its id and private address', api('StartInstances'), async (t) => {
    const ids = await running(t, 1);
    const address = (await described(t, ids))[0]?.PrivateIpAddress;
    await t.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    await until(t, 'stopped', async () => (await states(t, ids))[0] === 'stopped');
    const { StartingInstances } = await t.ec2.send(new StartInstancesCommand({ InstanceIds: ids }));
    expect(StartingInstances?.[0]).toMatchObject({
      CurrentState: { Name: 'pending' },
      PreviousState: { Name: 'stopped' },
    });
    await until(t, 'running', async () => (await states(t, ids))[0] === 'running');
    expect((await described(t, ids))[0]?.PrivateIpAddress).toBe(address);
  }),
  rule('a terminated instance cannot be started or stopped', ERRORS, async (t) => {
    const ids = await running(t, 1);
    await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    await until(t, 'terminated', async () => (await states(t, ids))[0] === 'terminated');
    await refused(t.ec2.send(new StartInstancesCommand({ InstanceIds: ids })), 'IncorrectInstanceState');
    await refused(t.ec2.send(new StopInstancesCommand({ InstanceIds: ids })), 'IncorrectInstanceState');
  }),
  rule(
    'a one-time Spot instance cannot be stopped',
    'AWSEC2/latest/UserGuide/stop-start-spot-instances.html',
    async (t) => {
      const ids = await running(t, 1, { InstanceMarketOptions: { MarketType: 'spot' } });
      await refused(t.ec2.send(new StopInstancesCommand({ InstanceIds: ids })), 'UnsupportedOperation');
    },
  ),
  rule('a rebooted instance stays running, with its address and launch time', api('RebootInstances'), async (t) => {
    const ids = await running(t, 1);
    const [before] = await described(t, ids);
    await t.ec2.send(new RebootInstancesCommand({ InstanceIds: ids }));
    const [after] = await described(t, ids);
    expect(after).toMatchObject({
      State: { Name: 'running' },
      PrivateIpAddress: before?.PrivateIpAddress,
      LaunchTime: before?.LaunchTime,
    });
  }),
  rule('a stopped instance cannot be rebooted', ERRORS, async (t) => {
    const ids = await running(t, 1);
    await t.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    await until(t, 'stopped', async () => (await states(t, ids))[0] === 'stopped');
    await refused(t.ec2.send(new RebootInstancesCommand({ InstanceIds: ids })), 'IncorrectInstanceState');
  }),
  rule('one unknown id fails the whole RebootInstances', api('RebootInstances'), async (t) => {
    const ids = await running(t, 1);
    await refused(
      t.ec2.send(new RebootInstancesCommand({ InstanceIds: [...ids, UNKNOWN] })),
      'InvalidInstanceID.NotFound',
    );
  }),
  rule('DescribeInstances gives pages of MaxResults, and all in all pages', api('DescribeInstances'), async (t) => {
    const ids = await running(t, 13);
    const found: string[] = [];
    const sizes: number[] = [];
    for (let NextToken: string | undefined; ; ) {
      const page = await t.ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }));
      const got = (page.Reservations ?? []).flatMap(({ Instances = [] }) =>
        Instances.map(({ InstanceId }) => InstanceId!),
      );
      sizes.push(got.length);
      found.push(...got);
      ({ NextToken } = page);
      if (NextToken === undefined) break;
    }
    expect(sizes).toEqual([5, 5, 3]);
    expect(found.sort()).toEqual(ids.sort());
  }),
  rule('DescribeInstances takes no ids with MaxResults', api('DescribeInstances'), async (t) => {
    const InstanceIds = await running(t, 1);
    await refused(
      t.ec2.send(new DescribeInstancesCommand({ InstanceIds, MaxResults: 5 })),
      'InvalidParameterCombination',
    );
  }),
  rule('DescribeInstances takes a MaxResults of 5 to 1,000', api('DescribeInstances'), async (t) => {
    for (const MaxResults of [4, 1001])
      await refused(t.ec2.send(new DescribeInstancesCommand({ MaxResults })), 'InvalidParameterValue');
  }),
  rule('DescribeInstances refuses a token that it did not give', api('DescribeInstances'), async (t) => {
    await refused(
      t.ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken: 'nonsense' })),
      /^Invalid(NextToken|ParameterValue|PaginationToken)$/,
    );
  }),
  rule('DescribeInstances refuses an id that is not there', ERRORS, async (t) => {
    await refused(t.ec2.send(new DescribeInstancesCommand({ InstanceIds: [UNKNOWN] })), 'InvalidInstanceID.NotFound');
  }),
  rule('DescribeInstances refuses a filter that it does not know', api('DescribeInstances'), async (t) => {
    await refused(
      t.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
      'InvalidParameterValue',
    );
  }),
  ...(
    [
      ['instance-state-name', 'running'],
      ['availability-zone', undefined],
      ['instance-type', 'm6g.large'],
      ['instance-type', 'm6g.*'],
      ['instance-type', 'm?g.large'],
      ['tag:team', 'analysis'],
      ['tag-key', 'team'],
      ['image-id', IMAGE],
      ['subnet-id', undefined],
    ] as const
  ).map(([Name, value]) =>
    rule(
      `DescribeInstances filters by ${Name}${value === undefined ? '' : ` ${value}`}`,
      api('DescribeInstances'),
      async (t) => {
        const Tags = [{ Key: 'team', Value: 'analysis' }];
        const ours = await running(t, 2, { TagSpecifications: [{ ResourceType: 'instance', Tags }] });
        const other = {
          SubnetId: t.subnets[1]!.id,
          ImageId: 'ami-0a1b2c3d4e5f60002',
          InstanceType: 'c6i.xlarge',
        } as const;
        const others = await running(t, 1, other);
        await t.ec2.send(new TerminateInstancesCommand({ InstanceIds: others }));
        const { id, zone } = t.subnets[0]!;
        const Values = [value ?? (Name === 'subnet-id' ? id : zone)];
        const { Reservations = [] } = await t.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }));
        const found = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
        expect(found.sort()).toEqual(ours.sort());
      },
    ),
  ),
  rule(
    'values of a filter are alternatives, filters all must match',
    'AWSEC2/latest/UserGuide/Using_Filtering.html',
    async (t) => {
      const ids = await running(t, 2);
      const asked = async (Filters: { Name: string; Values: string[] }[]) =>
        ((await t.ec2.send(new DescribeInstancesCommand({ Filters }))).Reservations ?? []).flatMap(
          ({ Instances = [] }) => Instances,
        ).length;
      const byId = { Name: 'instance-id', Values: ids };
      expect(await asked([byId])).toBe(2);
      expect(await asked([byId, { Name: 'instance-state-name', Values: ['stopped'] }])).toBe(0);
    },
  ),
  rule(
    'an id that was just made may not be found for a moment, and then is',
    'ec2/latest/devguide/eventual-consistency.html',
    async (t) => {
      const ids: string[] = [];
      for (let wave = 0; wave < 4; wave += 1) ids.push(...(await run(t, 10)));
      let missed = 0;
      for (const id of ids) {
        const asked = t.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
        missed += await asked.then(
          () => 0,
          () => 1,
        );
      }
      expect(missed).toBeGreaterThan(0);
      await t.pass(10);
      await t.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
    },
  ),
  rule(
    'DescribeInstanceStatus tells of running instances only, unless asked for all',
    api('DescribeInstanceStatus'),
    async (t) => {
      const ids = await running(t, 2);
      await t.ec2.send(new StopInstancesCommand({ InstanceIds: ids.slice(0, 1) }));
      await until(t, 'stopped', async () => (await states(t, ids.slice(0, 1)))[0] === 'stopped');
      const told = async (IncludeAllInstances: boolean) =>
        (await t.ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances }))).InstanceStatuses?.length;
      expect([await told(false), await told(true)]).toEqual([1, 2]);
    },
  ),
  rule(
    'status checks are initializing after a launch, and ok some minutes later',
    'AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html',
    async (t) => {
      const ids = await run(t, 1);
      await until(t, 'running', async () => (await states(t, ids))[0] === 'running');
      const check = async () =>
        (await t.ec2.send(new DescribeInstanceStatusCommand({}))).InstanceStatuses?.[0]?.InstanceStatus?.Status;
      expect(await check()).toBe('initializing');
      await until(t, 'ok', async () => (await check()) === 'ok');
    },
  ),
  rule('an instant CreateFleet gives instances of what its overrides allow', api('CreateFleet'), async (t) => {
    await template(t);
    const { Instances = [], Errors = [] } = await t.ec2.send(
      new CreateFleetCommand({
        Type: 'instant',
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { LaunchTemplateName: 'workers', Version: '$Latest' },
            Overrides: t.subnets.map(({ id }) => ({ SubnetId: id, InstanceType: 'm6g.large' as const })),
          },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: 4, DefaultTargetCapacityType: 'on-demand' },
      }),
    );
    expect(Errors).toEqual([]);
    expect(Instances.flatMap(({ InstanceIds = [] }) => InstanceIds)).toHaveLength(4);
  }),
];
