import { labInvalidHypervisors } from '../errors.ts';
import type { LabCapacity, LabHypervisor } from './types.ts';

const LAB_ZONES = ['rack-a', 'rack-b', 'rack-c'] as const;
export const DEFAULT_HYPERVISORS = 6;
const MINIMUM_HYPERVISORS = 2;
const MAXIMUM_HYPERVISORS = 30;

/** An ordinary two-socket host: a few of them hold several environments, and can still be filled by a test. */
export const HYPERVISOR_CAPACITY: LabCapacity = {
  vcpus: 32,
  memoryMib: 131_072,
  diskGib: 2048,
  cpuAllocationRatio: 4,
};

export const VOLUME_CAPACITY_GB = 51_200;

/** `rack-a-1, rack-b-1, rack-c-1, rack-a-2, …`: the zones in turn. */
export function planHypervisors(count: number): readonly LabHypervisor[] {
  if (!Number.isInteger(count) || count < MINIMUM_HYPERVISORS || count > MAXIMUM_HYPERVISORS) {
    throw labInvalidHypervisors({ received: count, minimum: MINIMUM_HYPERVISORS, maximum: MAXIMUM_HYPERVISORS });
  }
  return Array.from({ length: count }, (_, index) => {
    const zone = LAB_ZONES[index % LAB_ZONES.length] ?? LAB_ZONES[0];
    return { name: `${zone}-${Math.floor(index / LAB_ZONES.length) + 1}`, zone };
  });
}
