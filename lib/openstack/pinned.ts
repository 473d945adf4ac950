import type { TerraformResourceLifecycle } from 'cdktf';

/**
 * Arguments that name something which is looked up when the resource is made, by type. What a cloud has under that name may be made
 * anew or renamed later; the resource stays what it was made from, until the configuration names something else. Terraform ignores
 * them, and Tandem's engine stops it from ignoring them where the configuration changed (`engines/terraform/pins.ts`).
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  openstack_compute_instance_v2: ['flavor_name', 'image_name'],
  openstack_blockstorage_volume_v3: ['volume_type'],
  // Where its content came from. Glance does not tell, so an image that is imported would be made anew, under another id.
  openstack_images_image_v2: ['local_file_path', 'image_source_url'],
  openstack_networking_floatingip_v2: ['pool'],
  openstack_networking_router_v2: ['external_network_id'],
};

/**
 * The lifecycle of a resource that keeps what it was made from.
 * @param others arguments that are ignored for good: a later answer changes nobody, whatever the configuration says
 */
export function keepsWhatItWasMadeFrom(type: string, ...others: readonly string[]): TerraformResourceLifecycle {
  return { ignoreChanges: [...others, ...(PINNED[type] ?? [])] };
}

/** The root with the arguments that its resources keep, where the engine finds them: Terraform reads nothing in there. */
export function withPins(root: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const types = Object.keys(root['resource'] ?? {});
  const pinned = Object.fromEntries(Object.entries(PINNED).filter(([type]) => types.includes(type)));
  if (Object.keys(pinned).length === 0) return { ...root };
  return { ...root, '//': { ...(root['//'] as object | undefined), pinned } };
}
