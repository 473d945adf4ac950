import { ownEntry } from './own-entry.ts';
import type { Cloud } from './schema/cloud.ts';

/** What a cloud gives to leases that name nothing, however its lists and maps are ordered. Validation refuses a cloud that leaves it open. */
export function defaultVolumeTypeOf({ storage }: Pick<Cloud, 'storage'>): string {
  return storage.defaultVolumeType ?? Object.keys(storage.volumeTypes).sort()[0] ?? 'standard';
}

/** Name of the external network that leases go out by; undefined where the cloud has none. */
export function externalNetworkOf({
  networks,
  externalNetwork,
}: Pick<Cloud, 'networks' | 'externalNetwork'>): string | undefined {
  return externalNetwork ?? externalNetworksOf(networks)[0];
}

/** Names of all external networks, sorted. */
export function externalNetworksOf(networks: Cloud['networks']): string[] {
  return Object.keys(networks)
    .filter((name) => networks[name]?.external === true)
    .sort();
}

/** Name of the smallest pool that a network of this size fits into, the first by name of equal ones; undefined where there is none. */
export function tenantPoolFor(tenants: Cloud['tenants'], prefixLength: number): string | undefined {
  const lengthOf = (cidr: string): number => Number(cidr.split('/')[1]);
  return Object.entries(tenants)
    .filter(([, { cidr }]) => lengthOf(cidr) <= prefixLength)
    .sort(([a, one], [b, other]) => lengthOf(other.cidr) - lengthOf(one.cidr) || (a < b ? -1 : 1))[0]?.[0];
}

/** Who logs in on servers of an image. */
export function loginUserOf({ images }: Pick<Cloud, 'images'>, image: string): string {
  return ownEntry(images, image)?.user ?? 'debian';
}
