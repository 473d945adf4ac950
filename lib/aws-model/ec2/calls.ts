import type { EC2 } from '@aws-sdk/client-ec2';
import { after, type Context, type Handlers, type TimerHandlers } from '../context.ts';
import {
  invalidParameter,
  missingParameter,
  spotCannotStop,
  terminationProtected,
  wrongInstanceState,
} from '../faults.ts';
import { BATCH } from '../limits.ts';
import { drawMs } from '../random.ts';
import { imageCalls } from './catalogue.ts';
import { describeCalls } from './describe.ts';
import { become, ended, needMachines, restart, startMachine, stopMachine, terminateMachine } from './machines.ts';
import { endRootVolumeTask, rootVolumeCalls, rootVolumeTimers } from './root-volume.ts';
import { createFleet, mergeTags, runInstances } from './run.ts';
import type { Ec2Timer, Machine } from './state.ts';
import { count, needSubnet, roomFor } from './supply.ts';
import { templateCalls } from './templates.ts';
import { changeOf } from './views.ts';

export const ec2Calls = {
  ...templateCalls,
  ...describeCalls,
  ...imageCalls,
  ...rootVolumeCalls,
  runInstances,
  createFleet,

  terminateInstances(context, { InstanceIds }) {
    if (InstanceIds.length === 0) throw missingParameter('InstanceId');
    if (InstanceIds.length > BATCH.terminateInstances)
      throw invalidParameter(
        `The request may name at most ${BATCH.terminateInstances} instances, and names ${InstanceIds.length}.`,
      );
    const machines = needMachines(context, InstanceIds);
    const guarded = machines.filter((machine) => machine.protected);
    const spared = new Set(guarded.map(({ zone }) => zone));
    const TerminatingInstances = machines
      .filter(({ zone }) => !spared.has(zone))
      .map((machine) => changed(machine, () => terminateMachine(context, machine)));
    // Other zones' instances are gone nevertheless.
    const [first] = guarded;
    if (first !== undefined) throw terminationProtected(first.id);
    return { TerminatingInstances };
  },

  stopInstances(context, { InstanceIds }) {
    const machines = needMachines(context, InstanceIds);
    for (const machine of machines) {
      if (machine.purchase === 'spot') throw spotCannotStop(machine.id);
      if (!['pending', 'running', 'stopping', 'stopped'].includes(machine.state))
        throw wrongInstanceState(machine.id, 'stopped');
    }
    const stop = (machine: Machine) => {
      if (machine.state === 'running' || machine.state === 'pending') stopMachine(context, machine);
    };
    return { StoppingInstances: machines.map((machine) => changed(machine, () => stop(machine))) };
  },

  startInstances(context, { InstanceIds }) {
    const machines = needMachines(context, InstanceIds);
    for (const machine of machines)
      if (!['stopped', 'pending', 'running'].includes(machine.state)) throw wrongInstanceState(machine.id, 'started');
    const start = (machine: Machine) => {
      if (machine.state !== 'stopped') return;
      refuseWithoutRoom(context, machine);
      startMachine(context, machine);
    };
    return { StartingInstances: machines.map((machine) => changed(machine, () => start(machine))) };
  },

  rebootInstances(context, { InstanceIds }) {
    const machines = needMachines(context, InstanceIds);
    for (const machine of machines) if (machine.state !== 'running') throw wrongInstanceState(machine.id, 'rebooted');
    const { random, settings } = context.state;
    for (const machine of machines) restart(context, machine, drawMs(random, 'boot', settings.timings.reboot), false);
    return {};
  },

  modifyInstanceAttribute(context, { InstanceId, DisableApiTermination }) {
    const [machine] = needMachines(context, [InstanceId]);
    if (machine !== undefined && DisableApiTermination?.Value !== undefined)
      machine.protected = DisableApiTermination.Value;
    return {};
  },

  createTags(context, { Resources, Tags }) {
    for (const machine of needMachines(
      context,
      Resources.filter((id) => id.startsWith('i-')),
    ))
      machine.tags = mergeTags(machine.tags, Tags);
    return {};
  },
} satisfies Handlers<EC2>;

export const ec2Timers: TimerHandlers<Ec2Timer> = {
  ...rootVolumeTimers,
  'ec2.running': (context, timer) =>
    whenCurrent(context, timer, (machine) => {
      if (machine.state === 'pending') become(context, machine, 'running');
    }),
  'ec2.up': (context, timer) =>
    whenCurrent(context, timer, (machine) => {
      machine.upSince = context.state.now;
      endRootVolumeTask(context, machine, 'succeeded');
      context.emit({ type: 'instance-booted', instanceId: machine.id, fresh: timer.fresh });
    }),
  'ec2.stopped': (context, timer) =>
    whenCurrent(context, timer, (machine) => {
      count(context, machine, -1);
      machine.counted = false;
      become(context, machine, 'stopped');
    }),
  'ec2.terminated': (context, timer) =>
    whenCurrent(context, timer, (machine) => {
      endRootVolumeTask(context, machine, 'failed');
      ended(context, machine);
    }),
  'ec2.forgotten': ({ state }, { id }) => {
    state.ec2.machines.delete(id);
  },
  'ec2.interrupted': (context, { id }) => {
    const machine = context.state.ec2.machines.get(id);
    if (machine !== undefined) terminateMachine(context, machine, 'Server.SpotInstanceTermination');
  },
};

/** Two minutes' notice, then the instance ends. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
export function interrupt(context: Context, machine: Machine, seconds: number): void {
  if (machine.purchase !== 'spot') throw new RangeError(`${machine.id} is no Spot instance`);
  machine.interruptedAt = context.state.now + seconds * 1000;
  context.emit({ type: 'spot-interruption', instanceId: machine.id, actionAt: machine.interruptedAt });
  after(context, seconds * 1000, { kind: 'ec2.interrupted', id: machine.id });
}

/** A start needs capacity and vCPUs again; the address is kept. */
export function refuseWithoutRoom(context: Context, machine: Machine): void {
  const subnet = { ...needSubnet(context, machine.subnet), used: 0 };
  const room = roomFor(context, { subnet, type: machine.type, purchase: machine.purchase });
  if (room.count < 1) throw room.fault();
}

function whenCurrent(
  { state }: Context,
  { id, epoch }: { readonly id: string; readonly epoch: number },
  then: (machine: Machine) => void,
): void {
  const machine = state.ec2.machines.get(id);
  if (machine?.epoch === epoch) then(machine);
}

function changed(machine: Machine, change: () => void): ReturnType<typeof changeOf> {
  const before = machine.state;
  change();
  return changeOf(machine, before);
}
