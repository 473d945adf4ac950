import { expect, test } from 'vitest';
import { AwsModel } from '../../../lib/aws-model/model.ts';
import { Account, EXACT, faultOf, MINUTE, SECOND } from './account.ts';

function run(model: AwsModel, count: number, over: object = {}): string[] {
  const { Instances } = model.ec2.runInstances({
    ImageId: 'ami-1',
    InstanceType: 'm6g.large',
    SubnetId: 'subnet-a',
    MinCount: 1,
    MaxCount: count,
    ...over,
  });
  return Instances.map(({ InstanceId }) => InstanceId);
}

const stateOf = (model: AwsModel, id: string) =>
  model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances[0]?.State.Name;

test('one wrong id fails the whole TerminateInstances call', () => {
  const model = new AwsModel(EXACT);
  const ids = run(model, 2);
  const wrong = 'i-00000000000000000';
  expect(faultOf(() => model.ec2.terminateInstances({ InstanceIds: [...ids, wrong] }))).toBe(
    `InvalidInstanceID.NotFound: The instance ID '${wrong}' does not exist`,
  );
  expect(ids.map((id) => stateOf(model, id))).toEqual(['pending', 'pending']);
});

test('a protected instance spares the rest of its zone, and no other zone', () => {
  const model = new AwsModel(EXACT);
  const [guarded = '', beside = ''] = run(model, 2);
  const [elsewhere = ''] = run(model, 1, { SubnetId: 'subnet-b' });
  model.ec2.modifyInstanceAttribute({ InstanceId: guarded, DisableApiTermination: { Value: true } });
  const InstanceIds = [guarded, beside, elsewhere];
  expect(faultOf(() => model.ec2.terminateInstances({ InstanceIds }))).toContain('OperationNotPermitted');
  expect(InstanceIds.map((id) => stateOf(model, id))).toEqual(['pending', 'pending', 'shutting-down']);
});

test('TerminateInstances takes 1000 ids at most', () => {
  const InstanceIds = Array.from({ length: 1001 }, (_, at) => `i-${String(at).padStart(17, '0')}`);
  expect(faultOf(() => new AwsModel(EXACT).ec2.terminateInstances({ InstanceIds }))).toContain('at most 1000');
});

test('a terminated instance is shown for an hour, and terminating it again changes nothing', () => {
  const model = new AwsModel(EXACT);
  const [id = ''] = run(model, 1);
  model.ec2.terminateInstances({ InstanceIds: [id] });
  model.advanceTo(model.now + MINUTE);
  expect(stateOf(model, id)).toBe('terminated');
  expect(model.ec2.terminateInstances({ InstanceIds: [id] }).TerminatingInstances[0]?.CurrentState.Name).toBe(
    'terminated',
  );
  model.advanceTo(model.now + 60 * MINUTE);
  expect(faultOf(() => stateOf(model, id))).toContain('InvalidInstanceID.NotFound');
});

test('an id that was just made may be unknown for a while, to lists too', () => {
  const model = new AwsModel({ ...EXACT, consistency: { share: 1, mostSeconds: 3 } });
  const [id = ''] = run(model, 1);
  expect(faultOf(() => stateOf(model, id))).toContain('InvalidInstanceID.NotFound');
  expect(model.ec2.describeInstances({}).Reservations).toEqual([]);
  model.advanceTo(model.now + 3 * SECOND);
  expect(stateOf(model, id)).toBe('pending');
});

test('boots take the seconds of the distribution, and the seed decides them', () => {
  const boots = (seed: number) => {
    const model = new AwsModel({ seed, consistency: { share: 0, mostSeconds: 0 } });
    const seconds: number[] = [];
    model.onEvent((event) => event.type === 'instance-booted' && seconds.push(event.at / SECOND));
    run(model, 500);
    model.advanceTo(5 * MINUTE);
    return seconds;
  };
  const seconds = boots(1);
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  expect(seconds).toHaveLength(500);
  expect(mean).toBeGreaterThan(58);
  expect(mean).toBeLessThan(62);
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(40);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(80);
  expect(boots(1)).toEqual(seconds);
  expect(boots(2)).not.toEqual(seconds);
});

test('quotas count vCPUs, apart for Spot and on demand', () => {
  const model = new AwsModel({ ...EXACT, quotas: { onDemandVcpus: 8, spotVcpus: 4 } });
  run(model, 2, { InstanceType: 'm6g.xlarge' });
  expect(faultOf(() => run(model, 1))).toContain('VcpuLimitExceeded');
  const spot = { InstanceMarketOptions: { MarketType: 'spot' } };
  expect(run(model, 5, spot)).toHaveLength(2);
  expect(faultOf(() => run(model, 1, spot))).toContain('MaxSpotInstanceCountExceeded');
});

test('a subnet has its size less five addresses, and gives them back', () => {
  const subnets = [{ SubnetId: 'subnet-a', AvailabilityZone: 'eu-west-3a', CidrBlock: '10.0.0.0/28' }];
  const model = new AwsModel({ ...EXACT, subnets });
  const [id = ''] = run(model, 11);
  expect(model.ec2.describeInstances({}).Reservations[0]?.Instances[0]?.PrivateIpAddress).toBe('10.0.0.4');
  expect(faultOf(() => run(model, 1))).toContain('InsufficientFreeAddressesInSubnet');
  model.ec2.terminateInstances({ InstanceIds: [id] });
  model.advanceTo(model.now + MINUTE);
  expect(model.ec2.describeSubnets({}).Subnets[0]?.AvailableIpAddressCount).toBe(1);
});

test('RunInstances with a client token launches once', () => {
  const model = new AwsModel(EXACT);
  expect(run(model, 3, { ClientToken: 'once' })).toEqual(run(model, 3, { ClientToken: 'once' }));
});

test('CreateFleet says what it could not launch, and launches the rest', () => {
  const { model } = new Account();
  model.world.setCapacity({ zone: 'eu-west-3a', type: 'm6g.large', purchase: 'spot', available: 2 });
  model.world.setCapacity({ zone: 'eu-west-3b', available: 0 });
  const { Instances, Errors } = model.ec2.createFleet({
    Type: 'instant',
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateName: 'lt', Version: '1' },
        Overrides: [{ SubnetId: 'subnet-a' }, { SubnetId: 'subnet-b' }],
      },
    ],
    TargetCapacitySpecification: { TotalTargetCapacity: 5, DefaultTargetCapacityType: 'spot' },
  });
  expect(Instances.flatMap(({ InstanceIds }) => InstanceIds)).toHaveLength(2);
  expect(Errors.map(({ ErrorCode }) => ErrorCode)).toEqual([
    'InsufficientInstanceCapacity',
    'InsufficientInstanceCapacity',
  ]);
});

test('a reboot takes the machine down and up again, and keeps its disk', () => {
  const account = new Account();
  const [id = ''] = run(account.model, 1);
  account.wait(2 * MINUTE).model.ec2.rebootInstances({ InstanceIds: [id] });
  account.wait(2 * MINUTE);
  const seen = account.events.filter((event) => 'instanceId' in event && event.instanceId === id).slice(-2);
  expect(seen.map(({ type }) => type)).toEqual(['instance-down', 'instance-booted']);
  expect(seen[1]).toMatchObject({ fresh: false });
});

test('a root volume is replaced in its own time plus a boot, and the disk is another one', () => {
  const account = new Account();
  const [id = ''] = run(account.model, 1);
  account.wait(2 * MINUTE);
  const { ReplaceRootVolumeTask: task } = account.model.ec2.createReplaceRootVolumeTask({
    InstanceId: id,
    ImageId: 'ami-2',
  });
  const look = ({ model } = account) =>
    model.ec2.describeReplaceRootVolumeTasks({ ReplaceRootVolumeTaskIds: [task.ReplaceRootVolumeTaskId] })
      .ReplaceRootVolumeTasks[0]?.TaskState;
  expect(look(account.wait(79 * SECOND))).toBe('in-progress');
  expect(look(account.wait(SECOND))).toBe('succeeded');
  expect(account.events.at(-1)).toMatchObject({ type: 'instance-booted', fresh: true });
  expect(account.model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances[0]?.ImageId).toBe(
    'ami-2',
  );
});

test('the task of an instance that ends meanwhile fails', () => {
  const account = new Account();
  const [id = ''] = run(account.model, 1);
  account.wait(2 * MINUTE).model.ec2.createReplaceRootVolumeTask({ InstanceId: id });
  account.model.ec2.terminateInstances({ InstanceIds: [id] });
  account.wait(2 * MINUTE);
  const [task] = account.model.ec2.describeReplaceRootVolumeTasks({}).ReplaceRootVolumeTasks;
  expect(task?.TaskState).toBe('failed');
});

test('stop and start keep the machine, its address, and take capacity again', () => {
  const account = new Account();
  const { model } = account;
  const [id = ''] = run(model, 1);
  account.wait(2 * MINUTE).model.ec2.stopInstances({ InstanceIds: [id] });
  account.wait(MINUTE);
  expect(stateOf(model, id)).toBe('stopped');
  model.world.setCapacity({ zone: 'eu-west-3a', available: 0 });
  expect(faultOf(() => model.ec2.startInstances({ InstanceIds: [id] }))).toContain('InsufficientInstanceCapacity');
  model.world.setCapacity({ zone: 'eu-west-3a', available: 1 });
  const started = model.now;
  model.ec2.startInstances({ InstanceIds: [id] });
  account.wait(MINUTE);
  expect(account.events.at(-1)).toMatchObject({ type: 'instance-booted', at: started + 30 * SECOND });
});

test('a Spot instance cannot be stopped, and ends two minutes after its notice', () => {
  const account = new Account();
  const { model } = account;
  const [id = ''] = run(model, 1, { InstanceMarketOptions: { MarketType: 'spot' } });
  account.wait(2 * MINUTE);
  expect(faultOf(() => model.ec2.stopInstances({ InstanceIds: [id] }))).toContain('UnsupportedOperation');
  model.world.interruptSpot([id]);
  account.wait(119 * SECOND);
  expect(stateOf(model, id)).toBe('running');
  account.wait(SECOND);
  const [instance] = model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances ?? [];
  expect(instance).toMatchObject({
    State: { Name: 'shutting-down' },
    StateReason: { Code: 'Server.SpotInstanceTermination' },
  });
});

test('status checks are initializing until the machine is up, and impaired when it fails', () => {
  const account = new Account();
  const [id = ''] = run(account.model, 1);
  const look = ({ model } = account) => {
    const [status] = model.ec2.describeInstanceStatus({
      InstanceIds: [id],
      IncludeAllInstances: true,
    }).InstanceStatuses;
    return [status?.SystemStatus.Status, status?.InstanceStatus.Status];
  };
  expect(look()).toEqual(['not-applicable', 'not-applicable']);
  expect(look(account.wait(20 * SECOND))).toEqual(['initializing', 'initializing']);
  expect(look(account.wait(MINUTE))).toEqual(['ok', 'ok']);
  account.model.world.impair(id, 'instance');
  expect(look()).toEqual(['ok', 'impaired']);
  account.model.ec2.rebootInstances({ InstanceIds: [id] });
  expect(look(account.wait(2 * MINUTE))).toEqual(['ok', 'ok']);
});

test('pages go by the order of launches: nothing repeats and nothing hides while others come and go', () => {
  const model = new AwsModel(EXACT);
  const ids = run(model, 30);
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = model.ec2.describeInstances({ MaxResults: 10, NextToken });
    seen.push(...page.Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId)));
    if (NextToken === undefined) model.ec2.terminateInstances({ InstanceIds: ids.slice(0, 5) });
    model.advanceTo(model.now + 61 * MINUTE);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toEqual(ids);
  expect(faultOf(() => model.ec2.describeInstances({ NextToken: 'mine' }))).toContain('InvalidNextToken');
  expect(faultOf(() => model.ec2.describeInstances({ InstanceIds: ids.slice(9, 10), MaxResults: 5 }))).toContain(
    'InvalidParameterCombination',
  );
});

test('filters match values with wildcards, and an unknown filter is refused', () => {
  const model = new AwsModel(EXACT);
  const TagSpecifications = [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'worker.1' }] }];
  const [id = ''] = run(model, 1, { TagSpecifications });
  run(model, 1, { SubnetId: 'subnet-b' });
  const found = (Name: string, ...Values: string[]) =>
    model.ec2.describeInstances({ Filters: [{ Name, Values }] }).Reservations.flatMap(({ Instances }) => Instances)
      .length;
  expect(found('tag:Name', 'worker.?')).toBe(1);
  expect(found('tag:Name', 'worker_1')).toBe(0);
  expect(found('availability-zone', 'eu-west-3?')).toBe(2);
  expect(found('instance-id', id, 'i-0')).toBe(1);
  expect(faultOf(() => found('colour', 'red'))).toContain("The filter 'colour' is invalid");
});

test('a launch template has numbered versions, a default and a latest one', () => {
  const { model } = new Account();
  const { LaunchTemplateVersion } = model.ec2.createLaunchTemplateVersion({
    LaunchTemplateName: 'lt',
    SourceVersion: '1',
    LaunchTemplateData: { ImageId: 'ami-2' },
  });
  expect(LaunchTemplateVersion).toMatchObject({
    VersionNumber: 2,
    DefaultVersion: false,
    LaunchTemplateData: { ImageId: 'ami-2', InstanceType: 'm6g.large' },
  });
  const image = (Version: string) => {
    const LaunchTemplate = { LaunchTemplateName: 'lt', Version };
    const { Instances } = model.ec2.runInstances({ MinCount: 1, MaxCount: 1, SubnetId: 'subnet-a', LaunchTemplate });
    return Instances[0]?.ImageId;
  };
  expect([image('$Default'), image('$Latest'), image('1')]).toEqual(['ami-1', 'ami-2', 'ami-1']);
  model.ec2.modifyLaunchTemplate({ LaunchTemplateName: 'lt', DefaultVersion: '2' });
  expect(image('$Default')).toBe('ami-2');
  expect(faultOf(() => image('3'))).toContain('InvalidLaunchTemplateId.VersionNotFound');
});

test('an interface gives its address to one instance at a time, and keeps it', () => {
  const model = new AwsModel(EXACT);
  const address = model.world.addInterface('eni-1', 'subnet-a');
  const named = { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] };
  const addressOf = (id: string) =>
    model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances[0]?.PrivateIpAddress;
  const [first = ''] = run(model, 1, named);
  expect(addressOf(first)).toBe(address);
  expect(faultOf(() => run(model, 1, named))).toBe('InvalidNetworkInterface.InUse: Interface: [eni-1] in use.');
  expect(faultOf(() => model.world.removeInterface('eni-1'))).toBe(
    'InvalidNetworkInterface.InUse: Interface: [eni-1] in use.',
  );
  expect(faultOf(() => run(model, 1, { ...named, SubnetId: 'subnet-b' }))).toContain('is not in the subnet');
  model.ec2.terminateInstances({ InstanceIds: [first] });
  model.advanceTo(model.now + 10 * MINUTE);
  const [second = ''] = run(model, 1, named);
  expect(addressOf(second)).toBe(address);
});
