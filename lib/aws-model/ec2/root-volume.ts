import type { EC2 } from '@aws-sdk/client-ec2';
import { after, type Context, type Handlers, type TimerHandlers } from '../context.ts';
import type { ReplaceRootVolumeTask } from '../ec2-types.ts';
import { invalidParameter, wrongInstanceState } from '../faults.ts';
import { BATCH } from '../limits.ts';
import { paginate } from '../pages.ts';
import { drawHex, drawMs } from '../random.ts';
import { goDown, needMachines, restart } from './machines.ts';
import type { Ec2Timer, Machine } from './state.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html */
export const rootVolumeCalls = {
  createReplaceRootVolumeTask(context, { InstanceId, ImageId, ClientToken }) {
    const { clientTokens, rootVolumeTasks } = context.state.ec2;
    // A token that was used gives what it began then: AWSEC2/latest/APIReference/Run_Instance_Idempotency.html
    const key = `volume ${ClientToken ?? ''}`;
    const earlier = ClientToken === undefined ? undefined : rootVolumeTasks.get(clientTokens.get(key) ?? '');
    if (earlier !== undefined) return { ReplaceRootVolumeTask: earlier };
    const [machine] = needMachines(context, [InstanceId]);
    if (machine?.state !== 'running') throw wrongInstanceState(InstanceId, 'given a new root volume');
    const task = replaceRootVolume(context, machine, ImageId);
    if (ClientToken !== undefined) clientTokens.set(key, task.ReplaceRootVolumeTaskId);
    return { ReplaceRootVolumeTask: task };
  },

  describeReplaceRootVolumeTasks(context, { ReplaceRootVolumeTaskIds, Filters = [], MaxResults, NextToken }) {
    const { rootVolumeTasks } = context.state.ec2;
    const all = [...rootVolumeTasks.values()].filter((task) =>
      Filters.every(({ Name, Values = [] }) => {
        if (Name !== 'instance-id') throw invalidParameter(`The filter '${Name}' is invalid`);
        return Values.includes(task.InstanceId);
      }),
    );
    const chosen = ReplaceRootVolumeTaskIds?.map((id) => {
      const task = rootVolumeTasks.get(id);
      if (task === undefined) throw invalidParameter(`The replace root volume task '${id}' does not exist`);
      return task;
    });
    const { items, ...page } = paginate(chosen ?? all, NextToken, MaxResults ?? BATCH.describeInstances);
    return { ReplaceRootVolumeTasks: items, ...page };
  },
} satisfies Handlers<EC2>;

/** Takes the old volume away and boots from a new one. The task ends once the instance is up again. */
export function replaceRootVolume(
  context: Context,
  machine: Machine,
  image: string | undefined,
): ReplaceRootVolumeTask {
  const { ec2, random, settings, now } = context.state;
  const task: ReplaceRootVolumeTask = {
    ReplaceRootVolumeTaskId: `replacevol-${drawHex(random, 17)}`,
    InstanceId: machine.id,
    TaskState: 'in-progress',
    ...(image !== undefined && { ImageId: image }),
    StartTime: now,
  };
  endRootVolumeTask(context, machine, 'failed');
  machine.rootVolumeTask = task.ReplaceRootVolumeTaskId;
  ec2.rootVolumeTasks.set(task.ReplaceRootVolumeTaskId, task);
  goDown(context, machine);
  machine.epoch += 1;
  const ms = drawMs(random, 'boot', settings.timings.rootVolume);
  after(context, ms, { kind: 'ec2.volume', task: task.ReplaceRootVolumeTaskId, epoch: machine.epoch });
  return task;
}

export const rootVolumeTimers: TimerHandlers<Extract<Ec2Timer, { kind: 'ec2.volume' }>> = {
  'ec2.volume': (context, { task: id, epoch }) => {
    const { ec2, random, settings } = context.state;
    const task = ec2.rootVolumeTasks.get(id);
    const machine = task === undefined ? undefined : ec2.machines.get(task.InstanceId);
    if (task === undefined) return;
    // Stopped or terminated meanwhile, or rebooted: the old volume stays.
    if (machine?.epoch !== epoch) return;
    machine.image = task.ImageId ?? machine.image;
    // A new disk cures what the old one had.
    machine.dead = false;
    restart(context, machine, drawMs(random, 'boot', settings.timings.reboot), true);
  },
};

/** Once the instance is up from its new volume, or is gone. */
export function endRootVolumeTask(context: Context, machine: Machine, result: 'succeeded' | 'failed'): void {
  const { rootVolumeTasks } = context.state.ec2;
  const task = rootVolumeTasks.get(machine.rootVolumeTask ?? '');
  machine.rootVolumeTask = undefined;
  if (task === undefined) return;
  rootVolumeTasks.set(task.ReplaceRootVolumeTaskId, { ...task, TaskState: result, CompleteTime: context.state.now });
}
