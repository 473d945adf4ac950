import { expect, test } from 'vitest';
import { Account, faultOf, launching, MINUTE, SECOND, terminating } from './account.ts';

const one = { DesiredCapacity: 1 };

test('an instance waits in its launching hook until that is completed', () => {
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: [launching()] }, MINUTE);
  expect(account.states).toEqual({ 'Pending:Wait': 1 });
  const [id = ''] = account.ids();
  expect(account.complete('up', id).states).toEqual({ InService: 1 });
  expect(faultOf(() => account.complete('up', id))).toBe(
    `ValidationError: No active Lifecycle Action found with instance ID ${id}`,
  );
});

test('an abandoned launch ends, and is launched anew', () => {
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: [launching()] }, MINUTE);
  const [id = ''] = account.ids();
  account.complete('up', id, 'ABANDON').wait(MINUTE);
  expect(account.ids()).not.toContain(id);
  expect(account.states).toEqual({ 'Pending:Wait': 1 });
});

test.each(['CONTINUE', 'ABANDON'])('a launching hook that runs out does its default result, %s', (DefaultResult) => {
  const account = new Account().group(
    { ...one, LifecycleHookSpecificationList: [launching({ DefaultResult })] },
    MINUTE,
  );
  const [id = ''] = account.ids();
  account.wait(10 * MINUTE);
  expect(account.ids('InService')).toEqual(DefaultResult === 'CONTINUE' ? [id] : []);
});

test('heartbeats put the end off, up to a hundred times the time-out', () => {
  const hook = launching({ HeartbeatTimeout: 30, DefaultResult: 'CONTINUE' });
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: [hook] }, 20 * SECOND);
  const [InstanceId = ''] = account.ids();
  const beat = () =>
    account.model.autoscaling.recordLifecycleActionHeartbeat({
      AutoScalingGroupName: 'g',
      LifecycleHookName: 'up',
      InstanceId,
    });
  for (let beats = 0; beats < 149; beats += 1) {
    beat();
    account.wait(20 * SECOND);
  }
  expect(account.states).toEqual({ 'Pending:Wait': 1 });
  beat();
  expect(account.wait(30 * SECOND).states).toEqual({ InService: 1 });
  expect(account.at('InService')).toBe(11 + 3000);
});

test('the whole wait is 48 hours at most', () => {
  const account = new Account().group(
    { LifecycleHookSpecificationList: [launching({ HeartbeatTimeout: 7200 }), terminating()] },
    0,
  );
  const { LifecycleHooks } = account.model.autoscaling.describeLifecycleHooks({ AutoScalingGroupName: 'g' });
  expect(LifecycleHooks.map(({ GlobalTimeout }) => GlobalTimeout)).toEqual([48 * 3600, 100 * 600]);
});

test('an instance waits in all hooks of a transition at once', () => {
  const hooks = [launching(), launching({ LifecycleHookName: 'up2' })];
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: hooks }, MINUTE);
  const [id = ''] = account.ids();
  expect(account.complete('up', id).states).toEqual({ 'Pending:Wait': 1 });
  expect(account.complete('up2', id).states).toEqual({ InService: 1 });
});

test('scale-in waits in the terminating hook, and EC2 ends the instance afterwards', () => {
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: [terminating()] });
  const [id = ''] = account.ids();
  account.model.autoscaling.setDesiredCapacity({ AutoScalingGroupName: 'g', DesiredCapacity: 0 });
  expect(account.wait(5 * MINUTE).states).toEqual({ 'Terminating:Wait': 1 });
  const state = () =>
    account.model.ec2.describeInstances({ InstanceIds: [id] }).Reservations[0]?.Instances[0]?.State.Name;
  expect(state()).toBe('running');
  account.complete('down', id);
  expect(state()).toBe('shutting-down');
  expect(account.wait(MINUTE).states).toEqual({});
});

test('abandoning a termination skips its other hooks', () => {
  const hooks = [terminating(), terminating({ LifecycleHookName: 'down2' })];
  const account = new Account().group({ ...one, LifecycleHookSpecificationList: hooks });
  const [id = ''] = account.ids();
  account.model.autoscaling.setDesiredCapacity({ AutoScalingGroupName: 'g', DesiredCapacity: 0 });
  expect(account.wait(2 * SECOND).complete('down', id, 'ABANDON').states).toEqual({ 'Terminating:Proceed': 1 });
});

test('a lifecycle policy retains what was abandoned; it counts for nothing, and ends by a call', () => {
  const account = new Account().group({
    ...one,
    LifecycleHookSpecificationList: [terminating({ HeartbeatTimeout: 60, DefaultResult: 'ABANDON' })],
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
  });
  const [InstanceId = ''] = account.ids();
  account.model.autoscaling.terminateInstanceInAutoScalingGroup({ InstanceId, ShouldDecrementDesiredCapacity: false });
  expect(account.wait(10 * MINUTE).states).toEqual({ InService: 1, 'Terminating:Retained': 1 });
  account.model.autoscaling.terminateInstanceInAutoScalingGroup({ InstanceId, ShouldDecrementDesiredCapacity: false });
  account.complete('down', InstanceId);
  expect(account.wait(5 * MINUTE).states).toEqual({ InService: 1 });
});

test('a retained instance does not come back when a termination is completed', () => {
  const account = new Account().group({
    ...one,
    LifecycleHookSpecificationList: [terminating()],
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
  });
  const [InstanceId = ''] = account.ids();
  account.model.autoscaling.terminateInstanceInAutoScalingGroup({ InstanceId, ShouldDecrementDesiredCapacity: false });
  account.complete('down', InstanceId).wait(5 * MINUTE);
  expect(account.states).toEqual({ InService: 1 });
});

test('fails: a hook of 20 seconds, an unknown result, a 51st hook', () => {
  const account = new Account().group({}, 0);
  const put = (rest: object) =>
    faultOf(() => account.model.autoscaling.putLifecycleHook({ AutoScalingGroupName: 'g', ...launching(), ...rest }));
  expect(put({ HeartbeatTimeout: 20 })).toContain('between 30 and 7200 seconds');
  expect(put({ DefaultResult: 'RETRY' })).toContain('RETRY is not valid');
  for (let at = 0; at < 50; at += 1) expect(put({ LifecycleHookName: `up${at}` })).toBe('none');
  expect(put({ LifecycleHookName: 'up50' })).toContain('LimitExceeded');
});
