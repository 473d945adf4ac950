import { autoScalingTypes } from './auto-scaling.ts';
import { computeTypes } from './compute.ts';
import { functionTypes } from './functions.ts';
import { iamTypes } from './iam.ts';
import { namesTypes } from './names.ts';
import { networkTypes } from './network.ts';
import { observabilityTypes } from './observability.ts';
import type { ResourceType } from './resource-type.ts';
import { storageTypes } from './storage.ts';
import { vpnTypes } from './vpn.ts';

const ALL: ReadonlyMap<string, ResourceType> = new Map(
  [
    ...[networkTypes, computeTypes, autoScalingTypes, storageTypes, iamTypes],
    ...[functionTypes, observabilityTypes, vpnTypes, namesTypes],
  ]
    .flat()
    .map((resourceType) => [resourceType.type, resourceType]),
);

export function resourceTypeOf(type: string): ResourceType | undefined {
  return ALL.get(type);
}

/** Every type that the endpoint can make. */
export function supportedTypes(): readonly string[] {
  return [...ALL.keys()].sort();
}
