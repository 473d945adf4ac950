import {
  AttachInstancesCommand,
  CompleteLifecycleActionCommand,
  DeleteLifecycleHookCommand,
  DeleteWarmPoolCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeWarmPoolCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
  RecordLifecycleActionHeartbeatCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { expect } from 'vitest';
import { type Rule, refused, rule, type Target, until } from '../rule.ts';
import {
  described,
  desire,
  group,
  hook,
  hooks,
  idsIn,
  members,
  named,
  running,
  serving,
  settled,
  states,
  theGroup,
} from '../scene.ts';

const api = (call: string): string => `autoscaling/ec2/APIReference/API_${call}.html`;
const guide = (page: string): string => `autoscaling/ec2/userguide/${page}.html`;
const HOOKS = guide('lifecycle-hooks');

const complete = (t: Target, InstanceId: string, LifecycleHookName = 'launching', LifecycleActionResult = 'CONTINUE') =>
  t.autoscaling.send(
    new CompleteLifecycleActionCommand({ ...named, InstanceId, LifecycleHookName, LifecycleActionResult }),
  );
const beat = (t: Target, InstanceId: string, LifecycleHookName = 'launching') =>
  t.autoscaling.send(new RecordLifecycleActionHeartbeatCommand({ ...named, InstanceId, LifecycleHookName }));
const put = (t: Target, more: object) =>
  t.autoscaling.send(
    new PutLifecycleHookCommand({
      ...named,
      LifecycleHookName: 'h',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      ...more,
    }),
  );
const detach = (t: Target, InstanceIds: string[], ShouldDecrementDesiredCapacity: boolean) =>
  t.autoscaling.send(new DetachInstancesCommand({ ...named, InstanceIds, ShouldDecrementDesiredCapacity }));
const standby = (t: Target, InstanceIds: string[], ShouldDecrementDesiredCapacity: boolean) =>
  t.autoscaling.send(new EnterStandbyCommand({ ...named, InstanceIds, ShouldDecrementDesiredCapacity }));
const back = (t: Target, InstanceIds: string[]) =>
  t.autoscaling.send(new ExitStandbyCommand({ ...named, InstanceIds }));
const attach = (t: Target, InstanceIds: string[]) =>
  t.autoscaling.send(new AttachInstancesCommand({ ...named, InstanceIds }));
const end = (t: Target, InstanceId: string) =>
  t.autoscaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
  );

const stateOf = async (t: Target, id: string) =>
  (await t.autoscaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }))).AutoScalingInstances?.[0]
    ?.LifecycleState;

/** One instance that waits in its launching hook. */
async function waiting(t: Target, more: object = {}): Promise<string> {
  await group(t, { DesiredCapacity: 1, LifecycleHookSpecificationList: [hook('LAUNCHING', more)] });
  await settled(t, 1, 'Pending:Wait');
  return (await idsIn(t, 'Pending:Wait'))[0]!;
}

/** One instance that waits in its terminating hook. */
async function leaving(t: Target, more: object = {}): Promise<string> {
  const [id = ''] = await serving(t, 1, { LifecycleHookSpecificationList: [hook('TERMINATING', more)] });
  await desire(t, 0);
  await settled(t, 1, 'Terminating:Wait');
  return id;
}

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);

const BATCHES: readonly (readonly [string, (t: Target, ids: string[]) => Promise<unknown>])[] = [
  ['AttachInstances', attach],
  ['DetachInstances', (t, ids) => detach(t, ids, true)],
  ['EnterStandby', (t, ids) => standby(t, ids, true)],
  ['ExitStandby', back],
];

const hookRules: readonly Rule[] = [
  rule('a launching hook holds an instance in Pending:Wait', HOOKS, async (t) => {
    await waiting(t);
    await t.pass(200);
    expect(await idsIn(t, 'InService')).toEqual([]);
  }),
  rule('CONTINUE puts it into service', api('CompleteLifecycleAction'), async (t) => {
    const id = await waiting(t);
    await complete(t, id);
    await until(t, 'in service', async () => (await stateOf(t, id)) === 'InService');
  }),
  rule('ABANDON ends it, and another is launched', api('CompleteLifecycleAction'), async (t) => {
    const id = await waiting(t);
    await complete(t, id, 'launching', 'ABANDON');
    await until(t, 'terminated', async () => (await states(t, [id]))[0] === 'terminated');
    await until(t, 'another', async () => (await members(t)).some(({ InstanceId }) => InstanceId !== id));
  }),
  rule('a time-out takes the default result, ABANDON', HOOKS, async (t) => {
    const id = await waiting(t, { HeartbeatTimeout: 60 });
    await t.pass(61);
    await until(t, 'gone', async () => !['Pending:Wait', 'InService'].includes((await stateOf(t, id)) ?? ''));
  }),
  rule('a time-out takes the default result, CONTINUE', HOOKS, async (t) => {
    const id = await waiting(t, { HeartbeatTimeout: 60, DefaultResult: 'CONTINUE' });
    await t.pass(61);
    await until(t, 'in service', async () => (await stateOf(t, id)) === 'InService');
  }),
  rule('a heartbeat begins the time-out anew', api('RecordLifecycleActionHeartbeat'), async (t) => {
    const id = await waiting(t, { HeartbeatTimeout: 60 });
    for (let turn = 0; turn < 5; turn += 1) {
      await beat(t, id);
      await t.pass(50);
    }
    expect(await stateOf(t, id)).toBe('Pending:Wait');
  }),
  rule('heartbeats end after 100 times the time-out', HOOKS, async (t) => {
    const id = await waiting(t, { HeartbeatTimeout: 30 });
    for (let turn = 0; turn < 115; turn += 1) {
      await beat(t, id).catch(() => undefined);
      await t.pass(29);
    }
    expect(await stateOf(t, id)).not.toBe('Pending:Wait');
  }),
  rule(
    'a hook tells the longest that it can hold an instance: 100 time-outs or 48 hours',
    api('LifecycleHook'),
    async (t) => {
      await group(t);
      await put(t, { HeartbeatTimeout: 300 });
      await put(t, { LifecycleHookName: 'long', HeartbeatTimeout: 7200 });
      const times = Object.fromEntries(
        (await hooks(t)).map(({ LifecycleHookName, GlobalTimeout }) => [LifecycleHookName, GlobalTimeout]),
      );
      expect(times).toEqual({ h: 30_000, long: 172_800 });
    },
  ),
  rule('a hook waits an hour and abandons, unless it says otherwise', api('PutLifecycleHook'), async (t) => {
    await group(t);
    await put(t, {});
    expect(await hooks(t)).toMatchObject([{ HeartbeatTimeout: 3600, DefaultResult: 'ABANDON' }]);
  }),
  ...([29, 7201] as const).map((HeartbeatTimeout) =>
    rule(
      `a time-out of ${HeartbeatTimeout} s is refused: 30 to 7,200 are taken`,
      api('PutLifecycleHook'),
      async (t) => {
        await group(t);
        await refused(put(t, { HeartbeatTimeout }), 'ValidationError');
      },
    ),
  ),
  rule('a default result is CONTINUE or ABANDON', api('PutLifecycleHook'), async (t) => {
    await group(t);
    await refused(put(t, { DefaultResult: 'RETRY' }), 'ValidationError');
  }),
  rule('a new hook needs a transition, an old one keeps it', api('PutLifecycleHook'), async (t) => {
    await group(t);
    await refused(put(t, { LifecycleTransition: undefined }), 'ValidationError');
    await put(t, {});
    await put(t, { LifecycleTransition: undefined, HeartbeatTimeout: 60 });
    expect(await hooks(t)).toMatchObject([
      { HeartbeatTimeout: 60, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
    ]);
  }),
  rule('a group has at most 50 hooks', guide('ec2-auto-scaling-quotas'), async (t) => {
    await group(t);
    for (let index = 0; index < 50; index += 1) await put(t, { LifecycleHookName: `hook-${index}` });
    await refused(put(t, { LifecycleHookName: 'one-more' }), /^LimitExceeded/);
  }),
  rule('a deleted hook holds nobody', api('DeleteLifecycleHook'), async (t) => {
    await group(t, { LifecycleHookSpecificationList: [hook('LAUNCHING')] });
    await t.autoscaling.send(new DeleteLifecycleHookCommand({ ...named, LifecycleHookName: 'launching' }));
    await desire(t, 1);
    await settled(t, 1);
  }),
  rule('an action that is not waited for is refused', api('CompleteLifecycleAction'), async (t) => {
    const [id = ''] = await serving(t, 1);
    await refused(complete(t, id), 'ValidationError', /No active Lifecycle Action/);
    await refused(beat(t, id), 'ValidationError', /No active Lifecycle Action/);
  }),
  rule('an action is completed once', api('CompleteLifecycleAction'), async (t) => {
    const id = await waiting(t);
    await complete(t, id);
    await refused(complete(t, id), 'ValidationError');
  }),
  rule('a result is CONTINUE or ABANDON', api('CompleteLifecycleAction'), async (t) => {
    const id = await waiting(t);
    await refused(complete(t, id, 'launching', 'RETRY'), 'ValidationError');
  }),
  rule('with two launching hooks, both must be completed', HOOKS, async (t) => {
    await group(t, {
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [hook('LAUNCHING'), hook('LAUNCHING', { LifecycleHookName: 'second' })],
    });
    await settled(t, 1, 'Pending:Wait');
    const [id = ''] = await idsIn(t, 'Pending:Wait');
    await complete(t, id);
    expect(await stateOf(t, id)).toBe('Pending:Wait');
    await complete(t, id, 'second');
    await until(t, 'in service', async () => (await stateOf(t, id)) === 'InService');
  }),
  rule('a terminating hook holds an instance in Terminating:Wait, running', HOOKS, async (t) => {
    const id = await leaving(t);
    expect(await states(t, [id])).toEqual(['running']);
  }),
  ...(['CONTINUE', 'ABANDON'] as const).map((result) =>
    rule(`${result} of a terminating hook lets the instance end`, HOOKS, async (t) => {
      const id = await leaving(t);
      await complete(t, id, 'terminating', result);
      await until(t, 'terminated', async () => (await states(t, [id]))[0] === 'terminated');
    }),
  ),
  rule('TerminateInstanceInAutoScalingGroup runs the terminating hooks', HOOKS, async (t) => {
    const [id = ''] = await serving(t, 1, { LifecycleHookSpecificationList: [hook('TERMINATING')] });
    await end(t, id);
    await settled(t, 1, 'Terminating:Wait');
  }),
  rule('detachment runs no hook', HOOKS, async (t) => {
    const [id = ''] = await serving(t, 1, { LifecycleHookSpecificationList: [hook('TERMINATING')] });
    await detach(t, [id], true);
    await until(t, 'detached', async () => (await stateOf(t, id)) === undefined);
    expect(await states(t, [id])).toEqual(['running']);
  }),
  rule(
    'a policy RETAIN keeps an instance whose terminating hook was abandoned',
    guide('instance-lifecycle-policy'),
    async (t) => {
      const [id = ''] = await serving(t, 1, {
        InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
        LifecycleHookSpecificationList: [hook('TERMINATING')],
      });
      await desire(t, 0);
      await settled(t, 1, 'Terminating:Wait');
      await complete(t, id, 'terminating', 'ABANDON');
      await until(t, 'retained', async () => (await stateOf(t, id)) === 'Terminating:Retained');
      await t.pass(900);
      expect(await states(t, [id])).toEqual(['running']);
    },
  ),
];

const memberRules: readonly Rule[] = [
  ...BATCHES.map(([call, run]) =>
    rule(`${call} takes at most 20 ids`, api(call), async (t) => {
      await group(t);
      await refused(run(t, many(21)), 'ValidationError', /20/);
    }),
  ),
  rule('detached without decrement, an instance is replaced and runs on', api('DetachInstances'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await detach(t, [id], false);
    await until(t, 'replaced', async () => {
      const now = await idsIn(t, 'InService');
      return now.length === 2 && !now.includes(id);
    });
    expect(await states(t, [id])).toEqual(['running']);
  }),
  rule('detached with decrement, an instance is not replaced', api('DetachInstances'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await detach(t, [id], true);
    await t.pass(600);
    expect([(await theGroup(t)).DesiredCapacity, (await members(t)).length]).toEqual([1, 1]);
  }),
  rule('one unknown id fails the whole DetachInstances', api('DetachInstances'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await refused(detach(t, [id, 'i-0123456789abcdef0'], false), 'ValidationError');
    expect(await idsIn(t, 'InService')).toHaveLength(2);
  }),
  rule('the minimum forbids a detachment with decrement', api('DetachInstances'), async (t) => {
    const [id = ''] = await serving(t, 1, { MinSize: 1 });
    await refused(detach(t, [id], true), 'ValidationError');
  }),
  rule('a detached instance loses the group’s tag', guide('ec2-auto-scaling-detach-attach-instances'), async (t) => {
    const [id = ''] = await serving(t, 1);
    await detach(t, [id], true);
    await until(t, 'detached', async () => (await stateOf(t, id)) === undefined);
    expect((await described(t, [id]))[0]?.Tags?.map(({ Key }) => Key) ?? []).not.toContain('aws:autoscaling:groupName');
  }),
  rule(
    'attached, a running instance is a member and raises the desired capacity',
    api('AttachInstances'),
    async (t) => {
      await group(t);
      const ids = await running(t, 2);
      await attach(t, ids);
      expect((await theGroup(t)).DesiredCapacity).toBe(2);
      await settled(t, 2);
      expect((await idsIn(t, 'InService')).sort()).toEqual(ids.sort());
    },
  ),
  rule('attachment beyond the maximum is refused', api('AttachInstances'), async (t) => {
    await group(t, { MaxSize: 1 });
    await refused(attach(t, await running(t, 2)), 'ValidationError');
    expect(await members(t)).toEqual([]);
  }),
  rule('a member is not attached again', api('AttachInstances'), async (t) => {
    await refused(attach(t, await serving(t, 1)), 'ValidationError');
  }),
  rule(
    'in standby with decrement, an instance runs on and is not replaced',
    guide('as-enter-exit-standby'),
    async (t) => {
      const [id = ''] = await serving(t, 2);
      await standby(t, [id], true);
      await until(t, 'standby', async () => (await stateOf(t, id)) === 'Standby');
      expect([(await theGroup(t)).DesiredCapacity, await states(t, [id])]).toEqual([1, ['running']]);
    },
  ),
  rule('in standby without decrement, an instance is replaced', guide('as-enter-exit-standby'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await standby(t, [id], false);
    await settled(t, 2);
    expect([(await theGroup(t)).DesiredCapacity, await stateOf(t, id)]).toEqual([2, 'Standby']);
  }),
  rule('back from standby, an instance raises the desired capacity', api('ExitStandby'), async (t) => {
    const [id = ''] = await serving(t, 2);
    await standby(t, [id], true);
    await until(t, 'standby', async () => (await stateOf(t, id)) === 'Standby');
    await back(t, [id]);
    await settled(t, 2);
    expect((await theGroup(t)).DesiredCapacity).toBe(2);
  }),
  rule('back from standby above the maximum is refused', api('ExitStandby'), async (t) => {
    const [id = ''] = await serving(t, 2, { MaxSize: 2 });
    await standby(t, [id], false);
    await settled(t, 2);
    await refused(back(t, [id]), 'ValidationError');
  }),
  rule('who is not in standby does not come back from it', api('ExitStandby'), async (t) => {
    await refused(back(t, await serving(t, 1)), 'ValidationError');
  }),
  rule('health of an instance in standby is not checked', guide('as-enter-exit-standby'), async (t) => {
    const [id = ''] = await serving(t, 1);
    await standby(t, [id], true);
    await until(t, 'standby', async () => (await stateOf(t, id)) === 'Standby');
    await t.pass(900);
    expect(await stateOf(t, id)).toBe('Standby');
  }),
];

const pool = (t: Target, more: object = {}) => t.autoscaling.send(new PutWarmPoolCommand({ ...named, ...more }));
const warm = async (t: Target) => await t.autoscaling.send(new DescribeWarmPoolCommand(named));
const WARM = guide('ec2-auto-scaling-warm-pools');

async function prepared(t: Target, count: number, state: string): Promise<void> {
  await until(t, `${count} ${state}`, async () => {
    const { Instances = [] } = await warm(t);
    return Instances.length === count && Instances.every(({ LifecycleState }) => LifecycleState === state);
  });
}

const warmPoolRules: readonly Rule[] = [
  rule(
    'without a prepared capacity, a warm pool holds the maximum minus the desired capacity',
    api('PutWarmPool'),
    async (t) => {
      await serving(t, 2, { MaxSize: 5 });
      await pool(t);
      await prepared(t, 3, 'Warmed:Stopped');
    },
  ),
  rule('a prepared capacity counts the group’s own instances', api('PutWarmPool'), async (t) => {
    await serving(t, 2, { MaxSize: 9 });
    await pool(t, { MaxGroupPreparedCapacity: 4 });
    await prepared(t, 2, 'Warmed:Stopped');
  }),
  rule('a pool has its minimum, whatever the prepared capacity', api('PutWarmPool'), async (t) => {
    await serving(t, 2, { MaxSize: 9 });
    await pool(t, { MaxGroupPreparedCapacity: 2, MinSize: 3 });
    await prepared(t, 3, 'Warmed:Stopped');
  }),
  rule('a pool of Running keeps them running', api('PutWarmPool'), async (t) => {
    await serving(t, 1, { MaxSize: 2 });
    await pool(t, { PoolState: 'Running' });
    await prepared(t, 1, 'Warmed:Running');
    expect(
      await states(
        t,
        (await warm(t)).Instances!.map(({ InstanceId }) => InstanceId!),
      ),
    ).toEqual(['running']);
  }),
  rule('scaling out takes from the pool first', WARM, async (t) => {
    await serving(t, 1, { MaxSize: 3 });
    await pool(t);
    await prepared(t, 2, 'Warmed:Stopped');
    const ids = (await warm(t)).Instances!.map(({ InstanceId }) => InstanceId!);
    await desire(t, 2);
    await settled(t, 2);
    expect((await idsIn(t, 'InService')).some((id) => ids.includes(id))).toBe(true);
  }),
  rule('launching hooks run on the way into the pool too', guide('warm-pool-instance-lifecycle'), async (t) => {
    await group(t, { MaxSize: 1, LifecycleHookSpecificationList: [hook('LAUNCHING')] });
    await pool(t);
    await prepared(t, 1, 'Warmed:Pending:Wait');
    const [instance] = (await warm(t)).Instances ?? [];
    await complete(t, instance!.InstanceId!);
    await prepared(t, 1, 'Warmed:Stopped');
  }),
  rule('instances of the pool are no capacity of the group', WARM, async (t) => {
    await serving(t, 1, { MaxSize: 3 });
    await pool(t);
    await prepared(t, 2, 'Warmed:Stopped');
    expect(await theGroup(t)).toMatchObject({ DesiredCapacity: 1, WarmPoolSize: 2 });
    expect(await members(t, 'InService')).toHaveLength(1);
  }),
  rule('with reuse, scaling in puts instances back into the pool', api('InstanceReusePolicy'), async (t) => {
    const ids = await serving(t, 2, { MaxSize: 2 });
    await pool(t, { InstanceReusePolicy: { ReuseOnScaleIn: true } });
    await desire(t, 1);
    await until(t, 'one of them in the pool', async () =>
      ((await warm(t)).Instances ?? []).some(({ InstanceId }) => ids.includes(InstanceId!)),
    );
  }),
  rule('a deleted pool takes its instances with it', api('DeleteWarmPool'), async (t) => {
    await serving(t, 1, { MaxSize: 3 });
    await pool(t);
    await prepared(t, 2, 'Warmed:Stopped');
    const ids = (await warm(t)).Instances!.map(({ InstanceId }) => InstanceId!);
    await t.autoscaling.send(new DeleteWarmPoolCommand({ ...named, ForceDelete: true }));
    await until(t, 'terminated', async () => (await states(t, ids)).every((state) => state === 'terminated'));
    expect((await theGroup(t)).WarmPoolConfiguration).toBeUndefined();
  }),
  rule('a state that pools do not have is refused', api('PutWarmPool'), async (t) => {
    await group(t);
    await refused(pool(t, { PoolState: 'Tepid' }), 'ValidationError');
  }),
];

export const lifecycleRules: readonly Rule[] = [...hookRules, ...memberRules, ...warmPoolRules];
