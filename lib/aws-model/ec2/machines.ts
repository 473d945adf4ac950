import { after, type Context } from '../context.ts';
import type { Tag } from '../ec2-types.ts';
import { malformedInstance, noSuchInstances } from '../faults.ts';
import { draw, drawHex, drawMs } from '../random.ts';
import type { InstanceStateName } from '../types.ts';
import type { Machine, MachineTemplate, Purchase, SubnetState } from './state.ts';
import { count, giveAddressBack, needSubnet, takeAddress } from './supply.ts';

/** A terminated instance is shown for about an hour. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html */
const SHOWN_MS = 3_600_000;

/** What instances are made of, once template and overrides are resolved. */
export interface LaunchSpec {
  readonly subnet: SubnetState;
  readonly type: string;
  readonly image: string;
  readonly purchase: Purchase;
  readonly template?: MachineTemplate | undefined;
  readonly profile?: string | undefined;
  readonly securityGroups: readonly string[];
  readonly protected: boolean;
  readonly tags: readonly Tag[];
  readonly reservation: string;
  readonly requester?: string | undefined;
  /** An interface that is there already, and free. */
  readonly networkInterface?: string | undefined;
}

/** Makes instances; that there is room was asked before. */
export function launchMachines(context: Context, spec: LaunchSpec, howMany: number): Machine[] {
  return Array.from({ length: howMany }, () => launchMachine(context, spec));
}

function launchMachine(context: Context, spec: LaunchSpec): Machine {
  const { state } = context;
  const { random, settings, ec2, now } = state;
  const { subnet, tags, ...rest } = spec;
  const late = draw(random, 'consistency') < settings.consistency.share;
  const delay = late ? draw(random, 'consistency') * settings.consistency.mostSeconds * 1000 : 0;
  ec2.sequence += 1;
  const machine: Machine = {
    ...rest,
    id: `i-${drawHex(random, 17)}`,
    sequence: ec2.sequence,
    zone: subnet.zone,
    subnet: subnet.id,
    address: ec2.interfaces.get(rest.networkInterface ?? '')?.address ?? takeAddress(subnet),
    visibleAt: now + Math.round(delay),
    launchedAt: now,
    state: 'pending',
    tags: [...tags],
    epoch: 0,
    counted: true,
    dead: draw(random, 'dead') < settings.deadBoots,
  };
  ec2.machines.set(machine.id, machine);
  const attached = ec2.interfaces.get(machine.networkInterface ?? '');
  if (attached !== undefined) attached.machine = machine.id;
  count(context, machine, 1);
  context.emit({ type: 'instance-state', instanceId: machine.id, state: 'pending' });
  boot(context, machine, drawMs(random, 'boot', settings.timings.boot), true);
  return machine;
}

/** From pending to running, and up `ms` from now. */
function boot(context: Context, machine: Machine, ms: number, fresh: boolean): void {
  const { random, settings } = context.state;
  machine.epoch += 1;
  const { id, epoch } = machine;
  after(context, Math.min(ms, drawMs(random, 'running', settings.timings.running)), { kind: 'ec2.running', id, epoch });
  if (!machine.dead) after(context, ms, { kind: 'ec2.up', id, epoch, fresh });
}

export function startMachine(context: Context, machine: Machine): void {
  const { random, settings, now } = context.state;
  count(context, machine, 1);
  machine.counted = true;
  machine.launchedAt = now;
  machine.reason = undefined;
  become(context, machine, 'pending');
  // It comes up on another host.
  machine.impaired = undefined;
  boot(context, machine, drawMs(random, 'boot', settings.timings.warmStart), false);
}

export function stopMachine(context: Context, machine: Machine): void {
  const { random, settings } = context.state;
  goDown(context, machine);
  machine.reason = {
    Code: 'Client.UserInitiatedShutdown',
    Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  };
  machine.epoch += 1;
  become(context, machine, 'stopping');
  after(context, drawMs(random, 'stop', settings.timings.stop), {
    kind: 'ec2.stopped',
    id: machine.id,
    epoch: machine.epoch,
  });
}

/** Terminates an instance that is not terminated yet; again is as once. */
export function terminateMachine(context: Context, machine: Machine, code = 'Client.UserInitiatedShutdown'): void {
  if (machine.state === 'shutting-down' || machine.state === 'terminated') return;
  const { random, settings } = context.state;
  goDown(context, machine);
  machine.reason = {
    Code: code,
    Message: `${code}: ${code.startsWith('Client') ? 'User initiated shutdown' : 'Instance terminated by EC2'}`,
  };
  machine.epoch += 1;
  become(context, machine, 'shutting-down');
  after(context, drawMs(random, 'terminate', settings.timings.terminate), {
    kind: 'ec2.terminated',
    id: machine.id,
    epoch: machine.epoch,
  });
}

export function ended(context: Context, machine: Machine): void {
  if (machine.counted) count(context, machine, -1);
  machine.counted = false;
  const attached = context.state.ec2.interfaces.get(machine.networkInterface ?? '');
  if (attached === undefined) giveAddressBack(needSubnet(context, machine.subnet), machine.address);
  else attached.machine = undefined;
  become(context, machine, 'terminated');
  after(context, SHOWN_MS, { kind: 'ec2.forgotten', id: machine.id });
}

/** The operating system goes down, and comes up again after `ms` unless it is dead. */
export function restart(context: Context, machine: Machine, ms: number, fresh: boolean): void {
  goDown(context, machine);
  machine.epoch += 1;
  // What fails within the instance is cured by a boot; what fails below it, by another host.
  if (machine.impaired?.check === 'instance') machine.impaired = undefined;
  if (!machine.dead) after(context, ms, { kind: 'ec2.up', id: machine.id, epoch: machine.epoch, fresh });
}

export function goDown(context: Context, machine: Machine): void {
  if (machine.upSince === undefined) return;
  machine.upSince = undefined;
  context.emit({ type: 'instance-down', instanceId: machine.id });
}

export function become(context: Context, machine: Machine, state: InstanceStateName): void {
  machine.state = state;
  context.emit({ type: 'instance-state', instanceId: machine.id, state });
}

/** The machines of these ids; any that does not exist, or is not seen yet, refuses all. */
export function needMachines({ state }: Context, ids: readonly string[]): Machine[] {
  for (const id of ids) if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw malformedInstance(id);
  const found = ids.map((id) => state.ec2.machines.get(id));
  const missing = ids.filter((_, at) => {
    const machine = found[at];
    return machine === undefined || machine.visibleAt > state.now;
  });
  if (missing.length > 0) throw noSuchInstances(missing);
  return found.filter((machine) => machine !== undefined);
}
