import { z } from 'zod';
import type { OpenStackClient } from '../../../openstack-api/client.ts';
import type { StackId } from '../../../stack/id.ts';
import type { ResourceChange } from '../plan-schema.ts';
import type { Import } from '../work-folder.ts';
import { FINDERS, type Finder, type Search, type Thing } from './finders.ts';
import { isOwned } from './ownership.ts';

const thing = z.record(z.string(), z.unknown());

/** Lists of the cloud; each is asked for once a search. */
export type ListThings = Search['list'];

export function listingOf(client: OpenStackClient): ListThings {
  const asked = new Map<string, Promise<readonly Thing[]>>();
  return (service, path, key) => {
    const name = `${service} ${path}`;
    // Zones are listed over all projects only where that is said in a header.
    const headers = service === 'dns' ? { 'x-auth-all-projects': 'true' } : {};
    const answer = asked.get(name) ?? client.list(service, path, key, thing, { headers });
    asked.set(name, answer);
    return answer;
  };
}

/**
 * Planned creations whose thing exists already and is this stack's own: by name inside the stack's own project, or by what it says of
 * its owner. Things that the state knows are nobody's leftovers; what another owns is skipped, and its name stays a conflict.
 */
export async function findLeftovers(
  stack: StackId,
  changes: readonly ResourceChange[],
  list: ListThings,
): Promise<Import[]> {
  const taken = new Set(changes.flatMap(({ type, change }) => idOf(change.before).map((id) => `${type} ${id}`)));
  const project = projectOf(changes);
  const found: Import[] = [];
  for (const { address, type, change } of changes) {
    const finder = FINDERS[type];
    const isNew = change.actions.length === 1 && change.actions[0] === 'create';
    if (finder === undefined || !isNew || (change.importing !== undefined && change.importing !== null)) continue;
    const search: Search = { planned: asThing(change.after), project, list };
    if (finder.ownedByParent === true && finder.inProject && project === undefined) continue;
    const free = (await finder.candidates(search)).filter(
      (each) => !taken.has(`${type} ${importIdOf(finder, each, search)}`),
    );
    const own =
      free.find((each) => belongs(finder, each, stack, project)) ?? (await witnessed(finder, free, search, stack));
    if (own === undefined) continue;
    const id = importIdOf(finder, own, search);
    taken.add(`${type} ${id}`);
    found.push({ to: address, id });
  }
  return found;
}

/** In the stack's own project everything of the right name is its; elsewhere a thing has to say so itself. */
function belongs(finder: Finder, candidate: Thing, stack: StackId, project: string | undefined): boolean {
  if (isOwned(candidate, stack)) return true;
  if (!finder.inProject || project === undefined) return false;
  const of = candidate['project_id'] ?? candidate['tenant_id'] ?? candidate['os-vol-tenant-attr:tenant_id'];
  return finder.ownedByParent === true || of === project;
}

/** The first of which something that is the stack's own tells. */
async function witnessed(finder: Finder, candidates: readonly Thing[], search: Search, stack: StackId) {
  for (const each of candidates)
    if ((await finder.witnesses?.(each, search))?.some((witness) => isOwned(witness, stack)) === true) return each;
  return undefined;
}

function importIdOf(finder: Finder, candidate: Thing, search: Search): string {
  return finder.importId?.(candidate, search) ?? String(candidate['id']);
}

/** The project that the stack made for itself: in the state, or imported by an earlier round. */
function projectOf(changes: readonly ResourceChange[]): string | undefined {
  const project = changes.find((each) => each.type === 'openstack_identity_project_v3');
  return project === undefined ? undefined : idOf(project.change.before)[0];
}

function idOf(value: unknown): string[] {
  const { id } = asThing(value);
  return typeof id === 'string' ? [id] : [];
}

function asThing(value: unknown): Thing {
  return typeof value === 'object' && value !== null ? (value as Thing) : {};
}
