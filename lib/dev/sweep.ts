import type { CloudResource } from '../openstack-api/cloud-api.ts';
import { CONTROLLERS } from '../openstack-api/kinds/inside.ts';
import type { ResourceKind } from '../openstack-api/resource-kinds.ts';
import { counted } from '../text/plural.ts';

export interface SweepPlan {
  /** Everything of one wave may go at once: what uses it is in the waves before. */
  readonly waves: readonly (readonly CloudResource[])[];
  /** What was handed in and belongs to somebody else: skipped, and worth a warning. */
  readonly foreign: readonly CloudResource[];
}

/** What opens a project to people and programs goes before all else: nothing is made any more while the rest goes. */
const WAYS_IN: ReadonlySet<ResourceKind> = new Set(['application-credential']);

/**
 * What to delete of a project, each thing after all that use it, as the things themselves say. What uses each other in a circle is
 * in one wave. Pure. Nothing is in a wave whose own service does not name that very project: names, tags and where it was found prove
 * nothing.
 */
export function planSweep(projectId: string, contents: readonly CloudResource[]): SweepPlan {
  const own = contents.filter((resource) => projectId !== '' && resource.projectId === projectId);
  const first = own.filter(({ kind }) => WAYS_IN.has(kind));
  const makers = own.filter(({ kind }) => CONTROLLERS.has(kind));
  const rest = own.filter((each) => !first.includes(each) && !makers.includes(each));
  return {
    waves: [first, ...layers(makers), ...layers(rest)].filter((wave) => wave.length > 0),
    foreign: contents.filter((resource) => !own.includes(resource)),
  };
}

/** Layer by layer what nothing that is left uses; where all that is left is used, a circle that nothing outside of it uses. */
function layers(things: readonly CloudResource[]): CloudResource[][] {
  let left = [...things];
  const found: CloudResource[][] = [];
  while (left.length > 0) {
    const used = new Set(left.flatMap(({ id, uses }) => uses.filter((other) => other !== id)));
    const free = left.filter(({ id }) => !used.has(id));
    const layer = new Set(free.length > 0 ? free : circle(left));
    left = left.filter((each) => !layer.has(each));
    found.push([...layer]);
  }
  return found;
}

/** The thing with the fewest users, directly and through others, and all of these: nothing else uses them. */
function circle(left: readonly CloudResource[]): CloudResource[] {
  const users = new Map<string, string[]>();
  for (const { id, uses } of left) for (const used of uses) users.set(used, [...(users.get(used) ?? []), id]);
  let fewest: ReadonlySet<string> = new Set(left.map(({ id }) => id));
  for (const { id } of left) {
    const all = new Set([id]);
    for (const each of all) for (const user of users.get(each) ?? []) all.add(user);
    if (all.size < fewest.size) fewest = all;
  }
  return left.filter(({ id }) => fewest.has(id));
}

/** States in which a service works on a thing and refuses everything else. */
const BUSY =
  /^(?:PENDING_|(?:soft-)?deleting$|DELETE_IN_PROGRESS$|(?:creating|attaching|detaching|extending|uploading|downloading|backing-up|restoring|retyping|building|spawning)|.*_IN_PROGRESS$)/;

export function isBusy({ state }: CloudResource): boolean {
  return BUSY.test(state);
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
  return counted(count, words, pluralOf(words));
}

function pluralOf(words: string): string {
  if (/(?:ss|x|ch)$/.test(words)) return `${words}es`;
  return /[^aeiou]y$/.test(words) ? `${words.slice(0, -1)}ies` : `${words}s`;
}
