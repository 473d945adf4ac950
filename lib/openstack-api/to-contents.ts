import type { CloudResource } from './cloud-api.ts';
import { type Item, type KindOfResource, text, valuesAt } from './kinds/kind.ts';

/** An item of a service's list, before it is known whether it is the project's own. */
export interface FoundItem {
  readonly kind: KindOfResource;
  readonly item: Item;
  /** Id of what it is kept below. */
  readonly parent?: string;
}

/**
 * The things of a project among what services listed: those that their own service says are its, whatever it was asked for. What
 * goes along with another thing of the project is left to that, which uses what the other one used. Pure.
 */
export function toContents(found: readonly FoundItem[], projectId: string): CloudResource[] {
  const own = new Map<string, FoundItem>();
  for (const each of found) if (isOf(each, projectId)) own.set(keyOf(each), each);
  const ids = new Set([...own.values()].map(idOf));
  const takers = new Map<string, string>();
  for (const each of own.values()) {
    const taker = each.kind.goesWith?.(each.item) ?? '';
    if (taker !== idOf(each) && ids.has(taker)) takers.set(idOf(each), taker);
  }
  const uses = usesOf([...own.values()], takers);
  return [...own.values()]
    .filter((each) => !takers.has(idOf(each)))
    .map((each) => toResource(each, projectId, [...(uses.get(idOf(each)) ?? [])]));
}

function isOf({ kind, item, parent }: FoundItem, projectId: string): boolean {
  if (projectId === '' || idOf({ kind, item }) === '') return false;
  if (kind.project !== undefined) return item[kind.project] === projectId;
  // The token, or the parent, is the project's: the service has no word of its own for it.
  return kind.inside === true || parent !== undefined;
}

function usesOf(own: readonly FoundItem[], takers: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  const add = (user: string, used: string): void => {
    const [from, to] = [takers.get(user) ?? user, takers.get(used) ?? used];
    if (from === to) return;
    uses.set(from, (uses.get(from) ?? new Set()).add(to));
  };
  for (const each of own) {
    const id = idOf(each);
    for (const path of each.kind.uses) for (const used of valuesAt(each.item, path)) add(id, lastPart(used));
    for (const path of each.kind.usedBy ?? []) for (const user of valuesAt(each.item, path)) add(lastPart(user), id);
    if (each.parent !== undefined) add(id, each.parent);
  }
  return uses;
}

function toResource(found: FoundItem, projectId: string, uses: readonly string[]): CloudResource {
  const { kind, item, parent } = found;
  const { name = 'name', state = 'status' } = kind;
  return {
    kind: kind.kind,
    id: idOf(found),
    name: typeof name === 'function' ? name(item) : text(item[name]),
    projectId,
    sizeGiB: kind.size?.(item) ?? 0,
    state: text(item['OS-EXT-STS:task_state']) || text(item[state]),
    createdAt: text(item['created_at']) || text(item['created']),
    uses,
    ...(parent === undefined ? {} : { parent }),
  };
}

function idOf({ kind, item }: Pick<FoundItem, 'kind' | 'item'>): string {
  return lastPart(text(item[kind.id ?? 'id']));
}

/** Some services name their things by address. */
function lastPart(id: string): string {
  return /^https?:\/\//.test(id) ? (id.split('/').at(-1) ?? '') : id;
}

function keyOf(found: FoundItem): string {
  return `${found.kind.kind} ${found.parent ?? ''} ${idOf(found)}`;
}
