import type { CloudResource, ResourceKind } from '../openstack-api/cloud-api.ts';
import { counted } from '../text/plural.ts';

/**
 * The order in which things can go: each line may be used by those above it. Servers hold ports and volumes, snapshots hold
 * volumes, routers hold networks, and security groups are held by ports.
 */
const WAVES: readonly (readonly ResourceKind[])[] = [
  ['application-credential', 'load-balancer', 'server', 'vpn-connection', 'zone'],
  ['floating-address', 'volume-backup', 'volume-snapshot', 'vpn-service', 'server-group'],
  ['volume', 'port', 'vpn-endpoint-group'],
  ['image', 'router'],
  ['network'],
  ['security-group'],
];

export interface SweepPlan {
  /** Everything of one wave may go at once; the next begins when it is gone. */
  readonly waves: readonly (readonly CloudResource[])[];
  /** What was handed in and belongs to somebody else: skipped, and worth a warning. */
  readonly foreign: readonly CloudResource[];
}

/**
 * What to delete of a project, in a workable order. Pure. Nothing is in a wave whose own service does not name that very
 * project: names, tags and where it was found prove nothing.
 */
export function planSweep(projectId: string, contents: readonly CloudResource[]): SweepPlan {
  const own = contents.filter((resource) => projectId !== '' && resource.projectId === projectId);
  const waves = WAVES.map((kinds) => own.filter((resource) => kinds.includes(resource.kind)));
  return {
    waves: waves.filter((wave) => wave.length > 0),
    foreign: contents.filter((resource) => !own.includes(resource)),
  };
}

/** What people lose with it, for a question: `3 servers, 2 volumes (300 GiB), 1 image (8 GiB)`. Empty where nothing is worth naming. */
export function summarise(contents: readonly CloudResource[]): string {
  const counts = new Map<ResourceKind, { count: number; gib: number }>();
  for (const { kind, name, sizeGiB } of contents) {
    // Every project has this one; nobody made it.
    if (kind === 'security-group' && name === 'default') continue;
    const known = counts.get(kind) ?? { count: 0, gib: 0 };
    counts.set(kind, { count: known.count + 1, gib: known.gib + sizeGiB });
  }
  return [...counts]
    .map(([kind, { count, gib }]) => `${countedKind(count, kind)}${gib > 0 ? ` (${gib} GiB)` : ''}`)
    .join(', ');
}

function countedKind(count: number, kind: ResourceKind): string {
  const words = kind.replaceAll('-', ' ');
  return counted(count, words, words.endsWith('ss') ? `${words}es` : `${words}s`);
}
