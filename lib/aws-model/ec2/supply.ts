import { formatIpv4, parseIpv4 } from '../../net/ipv4.ts';
import type { Context } from '../context.ts';
import {
  elsewhere,
  interfaceInUse,
  noAddresses,
  noCapacity,
  noSuchInterface,
  noSuchSubnet,
  notOffered,
  overSpot,
  overVcpus,
} from '../faults.ts';
import type { ModelFault, SubnetOptions } from '../types.ts';
import type { Machine, Purchase, SubnetState } from './state.ts';
import { vcpusBySize } from './type-names.ts';

/** AWS keeps the first four addresses of a subnet and the last. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED = 5;

export interface Pool {
  readonly zone: string;
  readonly type: string;
  readonly purchase: Purchase;
}

function vcpusOf({ state }: Context, type: string): number {
  return state.settings.vcpus[type] ?? vcpusBySize(type);
}

export function needSubnet({ state }: Context, id: string): SubnetState {
  const found = state.ec2.subnets.get(id);
  if (found === undefined) throw noSuchSubnet(id);
  return found;
}

export function freeAddresses(subnet: SubnetState): number {
  return subnet.size - subnet.used;
}

/** The capacity that a pool has left; without a shortage, infinite. */
export function capacityOf({ state }: Context, { zone, type, purchase }: Pool): number {
  return Math.min(...keys(zone, type, purchase).map((key) => state.ec2.capacity.get(key) ?? Number.POSITIVE_INFINITY));
}

interface RoomWanted {
  readonly subnet: SubnetState;
  readonly type: string;
  readonly purchase: Purchase;
  /** An interface that is there already. */
  readonly networkInterface?: string | undefined;
}

/** An interface has one instance at a time, in its own subnet. */
function interfaceRoom({ state }: Context, id: string, subnet: SubnetState) {
  const found = state.ec2.interfaces.get(id);
  if (found === undefined) return { count: 0, fault: () => noSuchInterface(id) };
  if (found.subnet !== subnet.id) return { count: 0, fault: () => elsewhere(id, subnet.id) };
  return { count: found.machine === undefined ? 1 : 0, fault: () => interfaceInUse(id) };
}

/** How many more can be launched there, and what AWS says about one more. */
export function roomFor(
  context: Context,
  { subnet, type, purchase, networkInterface }: RoomWanted,
): { readonly count: number; readonly fault: () => ModelFault } {
  const { quotas, vcpus } = context.state.ec2;
  const quota = quotas.get(purchase) ?? 0;
  const isOffered = !context.state.ec2.unoffered.has(`${subnet.zone}/${type}`);
  const rooms = [
    { count: isOffered ? Number.POSITIVE_INFINITY : 0, fault: () => notOffered(type, subnet.zone) },
    {
      count: Math.max(0, Math.floor((quota - (vcpus.get(purchase) ?? 0)) / vcpusOf(context, type))),
      fault: () => (purchase === 'spot' ? overSpot() : overVcpus(quota)),
    },
    networkInterface === undefined
      ? { count: freeAddresses(subnet), fault: () => noAddresses(subnet.id) }
      : interfaceRoom(context, networkInterface, subnet),
    { count: capacityOf(context, { zone: subnet.zone, type, purchase }), fault: () => noCapacity(type, subnet.zone) },
  ];
  return rooms.reduce((least, room) => (room.count < least.count ? room : least));
}

/** An instance takes vCPUs of the quota, or gives them back; what a short pool gave does not come back to it. */
export function count(context: Context, machine: Machine, by: 1 | -1): void {
  const { capacity, vcpus } = context.state.ec2;
  vcpus.set(machine.purchase, (vcpus.get(machine.purchase) ?? 0) + by * vcpusOf(context, machine.type));
  if (by === -1) return;
  for (const key of keys(machine.zone, machine.type, machine.purchase)) {
    const left = capacity.get(key);
    if (left !== undefined) capacity.set(key, left - 1);
  }
}

export function takeAddress(subnet: SubnetState): string {
  subnet.used += 1;
  const returned = subnet.returned.pop();
  if (returned !== undefined) return returned;
  subnet.next += 1;
  return formatIpv4(parseIpv4(subnet.cidr.split('/')[0] ?? '') + RESERVED - 1 + subnet.next - 1);
}

export function giveAddressBack(subnet: SubnetState, address: string): void {
  subnet.used -= 1;
  subnet.returned.push(address);
}

export function subnetState({
  SubnetId,
  AvailabilityZone,
  CidrBlock,
  VpcId = 'vpc-model',
}: SubnetOptions): SubnetState {
  const size = 2 ** (32 - Number(CidrBlock.split('/')[1])) - RESERVED;
  return { id: SubnetId, zone: AvailabilityZone, vpc: VpcId, cidr: CidrBlock, size, used: 0, next: 0, returned: [] };
}

export function capacityKey(zone: string, type = '*', purchase = '*'): string {
  return `${zone}/${type}/${purchase}`;
}

function keys(zone: string, type: string, purchase: string): string[] {
  return [
    capacityKey(zone, type, purchase),
    capacityKey(zone, type),
    capacityKey(zone, '*', purchase),
    capacityKey(zone),
  ];
}
