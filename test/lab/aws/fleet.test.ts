import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingInstancesCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleetOf } from '../../../lab/aws/autoscaling/fleet.ts';
import { VirtualClock } from '../../../lab/aws/clock.ts';
import { type MetadataService, startMetadataService } from '../../../lab/aws/imds/server.ts';
import { ACCOUNT, REGION, rig } from './rig.ts';

const GROUP = 'workers';

async function withGroup(more: object = {}) {
  const clock = new VirtualClock({ rate: 0 });
  const lab = await rig({ clock, ...more });
  const realm = lab.endpoint.state.realm(ACCOUNT, REGION);
  const group = { AutoScalingGroupName: GROUP, MinSize: '0', MaxSize: '6' };
  realm.put({
    type: 'AWS::AutoScaling::AutoScalingGroup',
    physicalId: GROUP,
    ref: GROUP,
    properties: group,
    attributes: {},
  });
  for (const [name, transition] of [
    ['in', 'LAUNCHING'],
    ['out', 'TERMINATING'],
  ] as const) {
    const properties = {
      AutoScalingGroupName: GROUP,
      LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
      HeartbeatTimeout: 60,
      DefaultResult: name === 'in' ? 'ABANDON' : 'CONTINUE',
    };
    realm.put({ type: 'AWS::AutoScaling::LifecycleHook', physicalId: name, ref: name, properties, attributes: {} });
  }
  return { lab, clock, realm, fleet: fleetOf(realm), client: new AutoScalingClient(lab.config) };
}

/** SPEC.md, "Auto Scaling". */
describe('Auto Scaling', () => {
  let test: Awaited<ReturnType<typeof withGroup>>;
  beforeEach(async () => (test = await withGroup()));
  afterEach(() => test.lab.endpoint.close());

  const complete = (InstanceId: string, LifecycleHookName: string, LifecycleActionResult = 'CONTINUE') =>
    test.client.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: GROUP,
        InstanceId,
        LifecycleHookName,
        LifecycleActionResult,
      }),
    );
  const state = async (id: string) =>
    (await test.client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }))).AutoScalingInstances?.[0]
      ?.LifecycleState;

  it('puts an instance into service once its launching hook is completed', async () => {
    const { id } = test.fleet.launch(GROUP);
    expect(await state(id)).toBe('Pending:Wait');
    await complete(id, 'in');
    expect(await state(id)).toBe('InService');
    await expect(complete(id, 'in')).rejects.toThrow(/No active Lifecycle Action found/);
  });

  it('ends an instance whose launching hook runs out, unless it beats', async () => {
    const [quiet, alive] = [test.fleet.launch(GROUP), test.fleet.launch(GROUP)];
    await test.clock.advance(50_000);
    const beat = { AutoScalingGroupName: GROUP, LifecycleHookName: 'in', InstanceId: alive.id };
    await test.client.send(new RecordLifecycleActionHeartbeatCommand(beat));
    await test.clock.advance(20_000);
    expect(await state(quiet.id)).toBe('Terminating:Wait');
    expect(await state(alive.id)).toBe('Pending:Wait');
  });

  it('waits in the terminating hook, and is gone when it is completed', async () => {
    const { id } = test.fleet.launch(GROUP);
    await complete(id, 'in');
    test.fleet.terminate(id);
    expect(await state(id)).toBe('Terminating:Wait');
    await complete(id, 'out');
    expect(await state(id)).toBeUndefined();
  });

  it('protects instances in service, all or none, at most fifty at once', async () => {
    const protect = (InstanceIds: string[]) =>
      test.client.send(
        new SetInstanceProtectionCommand({ AutoScalingGroupName: GROUP, InstanceIds, ProtectedFromScaleIn: true }),
      );
    const [ready, pending] = [test.fleet.launch(GROUP), test.fleet.launch(GROUP)];
    await complete(ready.id, 'in');
    await expect(protect([ready.id, pending.id])).rejects.toThrow(/is not in InService/);
    expect(test.fleet.need(ready.id).protectedFromScaleIn).toBe(false);
    await protect([ready.id]);
    expect(test.fleet.need(ready.id).protectedFromScaleIn).toBe(true);
    await expect(protect(Array.from({ length: 51 }, () => ready.id))).rejects.toThrow(/less than or equal to 50/);
  });

  it('throttles where it is told to', async () => {
    await test.lab.endpoint.close();
    test = await withGroup({ throttles: [{ call: 'autoscaling:*', bucket: 2, refillPerSecond: 1 }] });
    const describe = () => test.client.send(new DescribeAutoScalingInstancesCommand({}));
    await describe();
    await describe();
    await expect(describe()).rejects.toMatchObject({ name: 'Throttling' });
    await test.clock.advance(1000);
    await describe();
  });
});

/** SPEC.md, "Instance metadata". */
describe('instance metadata', () => {
  let test: Awaited<ReturnType<typeof withGroup>>;
  let metadata: MetadataService;
  let id: string;
  beforeEach(async () => {
    test = await withGroup();
    ({ id } = test.fleet.launch(GROUP));
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
    test.fleet.terminate(id);
    expect(await get('meta-data/autoscaling/target-lifecycle-state', held)).toBe('Terminated');
  });

  it('gives two minutes’ notice of a Spot interruption', async () => {
    const held = await (await token()).text();
    expect(await get('meta-data/spot/instance-action', held)).toBe(404);
    test.fleet.interrupt(id, 'terminate');
    const time = new Date(test.clock.now() + 120_000).toISOString().replace('.000', '');
    expect(JSON.parse(String(await get('meta-data/spot/instance-action', held)))).toEqual({
      action: 'terminate',
      time,
    });
  });
});
