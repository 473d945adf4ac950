import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { type MetadataService, startMetadataService } from '../../../lab/aws/imds/server.ts';
import { interruptOne, type LabInstance, launchOne, terminateOne } from '../../../lab/aws/model/instances.ts';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { ACCOUNT, REGION, rig } from './rig.ts';

const GROUP = 'workers';

/** A group of Spot instances, with hooks at both ends. */
async function withGroup() {
  const clock = new VirtualClock({ rate: 0 });
  const lab = await rig({ clock });
  const realm = lab.endpoint.state.realm(ACCOUNT, REGION);
  const data = { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'm6g.large' } as const;
  await new EC2Client(lab.config).send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: GROUP,
      LaunchTemplateData: { ...data, InstanceMarketOptions: { MarketType: 'spot' } },
    }),
  );
  const hook = (LifecycleHookName: string, transition: string, DefaultResult: string) => ({
    ...{ LifecycleHookName, LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}` },
    ...{ HeartbeatTimeout: 600, DefaultResult },
  });
  await new AutoScalingClient(lab.config).send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: GROUP, MinSize: 0, MaxSize: 6 },
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: '$Latest' },
      AvailabilityZones: ['a', 'b'].map((letter) => `${REGION}${letter}`),
      LifecycleHookSpecificationList: [hook('in', 'LAUNCHING', 'ABANDON'), hook('out', 'TERMINATING', 'CONTINUE')],
    }),
  );
  return { lab, clock, realm };
}

type Test = Awaited<ReturnType<typeof withGroup>>;

/** One instance in service. */
async function serving({ realm, clock }: Test): Promise<LabInstance> {
  const instance = launchOne(realm, GROUP);
  await clock.advance(60_000);
  expect(instance.state).toBe('Pending:Wait');
  modelOf(realm).autoscaling.completeLifecycleAction({
    ...{ AutoScalingGroupName: GROUP, InstanceId: instance.id },
    ...{ LifecycleHookName: 'in', LifecycleActionResult: 'CONTINUE' },
  });
  expect(instance.state).toBe('InService');
  return instance;
}

/** SPEC.md, "Instance metadata". */
describe('instance metadata', () => {
  let test: Test;
  let metadata: MetadataService;
  let id: string;
  beforeEach(async () => {
    test = await withGroup();
    ({ id } = await serving(test));
    metadata = await startMetadataService(test.realm, id);
  });
  afterEach(() => test.lab.endpoint.close());

  const token = async (seconds = '60') => {
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': seconds };
    return fetch(`${metadata.url}/latest/api/token`, { method: 'PUT', headers });
  };
  const get = async (path: string, held?: string) => {
    const headers = held === undefined ? {} : { 'x-aws-ec2-metadata-token': held };
    const answer = await fetch(`${metadata.url}/latest/${path}`, { headers });
    return answer.status === 200 ? answer.text() : answer.status;
  };

  it('answers with a token, for as long as it holds', async () => {
    const held = await (await token('60')).text();
    expect(await get('meta-data/instance-id', held)).toBe(id);
    expect(JSON.parse(String(await get('dynamic/instance-identity/document', held)))).toMatchObject({
      instanceId: id,
      region: REGION,
    });
    await test.clock.advance(60_000);
    expect(await get('meta-data/instance-id', held)).toBe(401);
  });

  it('fails without a token, and on a token for too long', async () => {
    expect(await get('meta-data/instance-id')).toBe(401);
    expect((await token('21601')).status).toBe(400);
  });

  it('tells where the instance is going', async () => {
    const held = await (await token()).text();
    expect(await get('meta-data/autoscaling/target-lifecycle-state', held)).toBe('InService');
    terminateOne(test.realm, id);
    expect(await get('meta-data/autoscaling/target-lifecycle-state', held)).toBe('Terminated');
  });

  it('gives two minutes’ notice of a Spot interruption', async () => {
    const held = await (await token()).text();
    expect(await get('meta-data/spot/instance-action', held)).toBe(404);
    interruptOne(test.realm, id);
    const time = new Date(test.clock.now() + 120_000).toISOString().replace('.000', '');
    expect(JSON.parse(String(await get('meta-data/spot/instance-action', held)))).toEqual({
      action: 'terminate',
      time,
    });
  });
});

/** SPEC.md, "Control interface". */
describe('the control interface of fleets', () => {
  let test: Test;
  beforeEach(async () => (test = await withGroup()));
  afterEach(() => test.lab.endpoint.close());

  const control = async (what: string, body: object) => {
    const answer = await fetch(`${test.lab.endpoint.url}/_lab/fleet/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, string> };
  };

  it('launches an instance with a metadata service, and scales it in', async () => {
    const { body } = await control('launch', { group: GROUP });
    const token = await fetch(`${body['metadata']}/latest/api/token`, {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
    });
    const headers = { 'x-aws-ec2-metadata-token': await token.text() };
    const told = await fetch(`${body['metadata']}/latest/meta-data/instance-id`, { headers });
    expect(await told.text()).toBe(body['instanceId']);
    expect(await control('terminate', { instanceId: body['instanceId'] })).toMatchObject({ status: 200 });
  });

  it('fails to launch in a group that is not there', async () => {
    expect(await control('launch', { group: 'none' })).toMatchObject({ status: 400 });
  });

  it('ends capacity of a zone, and gives it back', async () => {
    const launch = () =>
      modelOf(test.realm).ec2.runInstances({
        ...{ ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'm6g.large', MinCount: 1, MaxCount: 1 },
        Placement: { AvailabilityZone: `${REGION}a` },
      });
    await control('capacity', { zone: `${REGION}a`, available: 0 });
    expect(launch).toThrow(expect.objectContaining({ code: 'InsufficientInstanceCapacity' }) as Error);
    await control('capacity', { zone: `${REGION}a`, available: null });
    expect(launch().Instances).toHaveLength(1);
  });

  it('changes quotas, which Service Quotas tells', async () => {
    await control('quota', { purchase: 'spot', vcpus: 12 });
    const { quotasOf } = await import('../../../lab/aws/quotas/store.ts');
    expect(quotasOf(test.realm).find(({ QuotaCode }) => QuotaCode === 'L-34B43A08')?.Value).toBe(12);
    expect(await control('quota', { purchase: 'cash', vcpus: 1 })).toMatchObject({ status: 400 });
  });

  it('fails status checks, gives Spot notices, and hides limits', async () => {
    const { id } = await serving(test);
    for (const [what, body] of [
      ['impair', { instanceId: id, check: 'system' }],
      ['interrupt', { instanceId: id }],
      ['rebalance', { instanceIds: [id] }],
      ['limits', { limits: { scale: 0.5 } }],
      ['dead-boots', { share: 0.1 }],
    ] as const)
      expect(await control(what, body), what).toMatchObject({ status: 200 });
    const [bucket] = modelOf(test.realm).buckets('ec2:RunInstances');
    expect(bucket?.capacity).toBe(2.5);
  });
});
