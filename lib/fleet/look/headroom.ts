import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { paginateDescribeSubnets } from '@aws-sdk/client-ec2';
import type { FleetClients } from '../../aws-api/fleet-clients.ts';
import { vcpusBySize } from '../../aws-model/ec2/type-names.ts';
import type { Headroom } from '../cloud.ts';
import { collect } from './look.ts';
import type { Measured, Vcpus } from './measure.ts';

/** Free addresses of the group's subnets, by zone. */
export async function freeAddresses(
  { ec2 }: FleetClients,
  { VPCZoneIdentifier = '' }: Pick<AutoScalingGroup, 'VPCZoneIdentifier'>,
): Promise<Record<string, number>> {
  const SubnetIds = VPCZoneIdentifier.split(',').filter((id) => id !== '');
  if (SubnetIds.length === 0) return {};
  const subnets = await collect(paginateDescribeSubnets({ client: ec2 }, { SubnetIds }), ({ Subnets = [] }) => Subnets);
  const free: Record<string, number> = {};
  for (const { AvailabilityZone: zone = '', AvailableIpAddressCount: count = 0 } of subnets)
    free[zone] = (free[zone] ?? 0) + count;
  return free;
}

/** What a group with these purchase options may still launch. Pure. @param types - That it has, or may have */
export function instancesLeft(
  group: Pick<AutoScalingGroup, 'MixedInstancesPolicy'>,
  { onDemand, spot }: Pick<Measured, 'onDemand' | 'spot'>,
  types: readonly string[],
): Headroom['instances'] {
  const distribution = group.MixedInstancesPolicy?.InstancesDistribution;
  const share = (distribution?.OnDemandPercentageAboveBaseCapacity ?? 100) / 100;
  const largest = Math.max(1, ...types.map(vcpusBySize));
  const of = (vcpus: Vcpus, part: number): number =>
    part <= 0 || vcpus.quota === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor(Math.max(0, vcpus.quota - (vcpus.used ?? 0)) / largest / part);
  return Math.min(of(onDemand, share), of(spot, 1 - share));
}

/** The types that a group may launch. */
export function typesOf({ MixedInstancesPolicy, Instances = [] }: AutoScalingGroup): string[] {
  const overrides = MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return [...overrides, ...Instances].flatMap(({ InstanceType }) => InstanceType ?? []);
}
