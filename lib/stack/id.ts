/**
 * `kolla/<cloud>`, `openstack/<cloud>/{base,link,dev/<name>}`, `aws/<environment>/{network,cluster,link}`, `custom/<name>`.
 */
export type StackId = `kolla/${string}` | `openstack/${string}` | `aws/${string}` | `custom/${string}`;

/** Name of a stack in artefacts: `openstack/paris/dev/alice` is `openstack-paris-dev-alice`. Unique: cloud names have no hyphen. */
export function artefactName(id: StackId): string {
  return id.replaceAll('/', '-');
}

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
