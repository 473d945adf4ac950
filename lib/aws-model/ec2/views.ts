import type { Context } from '../context.ts';
import type { Instance, InstanceStatus, Reservation, StateChange } from '../ec2-types.ts';
import { drawHex } from '../random.ts';
import type { InstanceStateName } from '../types.ts';
import type { Machine } from './state.ts';

const CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateOf = (Name: InstanceStateName): Instance['State'] => ({ Code: CODES[Name], Name });

function instanceOf({ state }: Context, machine: Machine): Instance {
  return {
    InstanceId: machine.id,
    ImageId: machine.image,
    InstanceType: machine.type,
    LaunchTime: machine.launchedAt,
    State: stateOf(machine.state),
    StateTransitionReason: machine.reason?.Code.startsWith('Client') === true ? 'User initiated' : '',
    ...(machine.reason !== undefined && { StateReason: machine.reason }),
    Placement: { AvailabilityZone: machine.zone, Tenancy: 'default' },
    SubnetId: machine.subnet,
    VpcId: state.ec2.subnets.get(machine.subnet)?.vpc ?? '',
    PrivateIpAddress: machine.state === 'terminated' ? '' : machine.address,
    ...(machine.purchase === 'spot' && { InstanceLifecycle: 'spot' }),
    ...(machine.profile !== undefined && { IamInstanceProfile: { Arn: machine.profile } }),
    SecurityGroups: machine.securityGroups.map((GroupId) => ({ GroupId })),
    Tags: machine.tags,
  };
}

/** The instances, by the launches that they came from; these must follow each other. */
export function reservationsOf(context: Context, machines: readonly Machine[]): Reservation[] {
  const groups: Machine[][] = [];
  for (const machine of machines) {
    const last = groups.at(-1);
    if (last?.[0]?.reservation === machine.reservation) last.push(machine);
    else groups.push([machine]);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { reservation: ReservationId, requester } = first;
    const Instances = group.map((machine) => instanceOf(context, machine));
    const OwnerId = context.state.settings.account;
    return [{ ReservationId, OwnerId, ...(requester !== undefined && { RequesterId: requester }), Instances }];
  });
}

export function reservationOf(context: Context, id: string): Reservation {
  const machines = [...context.state.ec2.machines.values()].filter(({ reservation }) => reservation === id);
  const [found] = reservationsOf(context, machines);
  return found ?? { ReservationId: id, OwnerId: context.state.settings.account, Instances: [] };
}

/** Checks are `initializing` until the operating system is up for the first time, and `not-applicable` unless it runs. */
export function checksOf(machine: Machine): Record<'system' | 'instance', InstanceStatus['SystemStatus']['Status']> {
  if (machine.state !== 'running') return { system: 'not-applicable', instance: 'not-applicable' };
  const of = (check: 'system' | 'instance') => (machine.impaired?.check === check ? 'impaired' : 'ok');
  if (machine.upSince === undefined && machine.impaired === undefined)
    return { system: 'initializing', instance: 'initializing' };
  return { system: of('system'), instance: of('instance') };
}

export function changeOf(machine: Machine, before: InstanceStateName): StateChange {
  return { InstanceId: machine.id, CurrentState: stateOf(machine.state), PreviousState: stateOf(before) };
}

export const newReservation = ({ state }: Context): string => `r-${drawHex(state.random, 17)}`;
