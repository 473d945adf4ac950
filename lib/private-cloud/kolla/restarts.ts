import { type InventoryGroup, membersOf } from './inventory.ts';
import { KOLLA_SERVICES, servicesOfFile, servicesOfGlobal, servicesOfMembers } from './kolla-services.ts';
import { readerOf } from './override-files.ts';
import type { KollaService } from './running.ts';

/** Where services run, by inventory. */
export class Placement {
  readonly #groups: readonly InventoryGroup[];
  readonly #running: readonly KollaService[] | undefined;
  readonly #members = new Map<string, readonly string[]>();

  /** @param running what the tree runs. @default what one runs where nothing more is switched on */
  constructor(groups: readonly InventoryGroup[], running?: readonly KollaService[]) {
    this.#groups = groups;
    this.#running = running;
  }

  members(group: string): readonly string[] {
    let found = this.#members.get(group);
    if (found === undefined) this.#members.set(group, (found = membersOf(this.#groups, group)));
    return found;
  }

  /** Every host, in the inventory's order. */
  get hosts(): readonly string[] {
    return [...new Set(this.#groups.flatMap((each) => each.hosts))];
  }

  get groups(): readonly string[] {
    return this.#groups.map((each) => each.name);
  }

  /** Those that run, in the order in which a deployment sets them up. Exporters have groups in every inventory, and run where somebody asks them. */
  get services(): readonly KollaService[] {
    if (this.#running !== undefined) return this.#running;
    const isWatched = this.members('prometheus').length > 0;
    return KOLLA_SERVICES.filter(({ name }) => isWatched || !name.startsWith('prometheus-'));
  }

  /** `service@host` for services everywhere that they run. @default all services */
  everywhere(services?: readonly string[]): string[] {
    const wanted = services === undefined ? undefined : new Set(services);
    return this.services
      .filter((each) => wanted?.has(each.name) ?? true)
      .flatMap(({ name, group }) => this.members(group).map((host) => `${name}@${host}`));
  }

  /** `service@host` for all that runs on one host, of these services. @default all services */
  on(host: string, services?: readonly string[]): string[] {
    return this.services
      .filter(({ name }) => services?.includes(name) ?? true)
      .flatMap(({ name, group }) => (this.members(group).includes(host) ? [`${name}@${host}`] : []));
  }
}

/** What restarts when values of a file change, `service@host`, sorted. Of the inventory: see `restartsOfMembers`. Pure. */
export function restartsOfValues(path: string, keys: readonly string[], placement: Placement): string[] {
  if (path === 'globals.yml') return sorted(keys.flatMap((key) => placement.everywhere(servicesOfGlobal(root(key)))));
  if (path.startsWith('config/')) {
    const host = readerOf(path.slice('config/'.length))?.host;
    const services = servicesOfFile(path);
    return sorted(host === undefined ? placement.everywhere(services) : placement.on(host, services));
  }
  // Addresses and interfaces of hosts: whoever stands there.
  const [, defaults] = /^inventory\/group_vars\/(0_defaults)\.yml$/.exec(path) ?? [];
  if (defaults !== undefined) return sorted(keys.flatMap((key) => placement.everywhere(servicesOfGlobal(root(key)))));
  // What Kolla itself reads of a host's variables: where it holds.
  const read = keys.filter((key) => !/^(?:ansible|tandem)_/.test(key));
  const holding = (hosts: readonly string[]) =>
    read.flatMap((key) => hosts.flatMap((host) => placement.on(host, servicesOfGlobal(root(key)))));
  const [, kind] = /^inventory\/group_vars\/(.+)\.yml$/.exec(path) ?? [];
  if (kind !== undefined) {
    const hosts = kind === 'all' ? placement.hosts : placement.members(kind);
    const reserved = keys.includes('tandem_reserved_memory_mib')
      ? hosts.flatMap((host) => placement.on(host, ['nova-compute']))
      : [];
    return sorted([...reserved, ...holding(hosts)]);
  }
  const [, host] = /^inventory\/host_vars\/(.+)\.yml$/.exec(path) ?? [];
  if (host === undefined) return [];
  // Another address: all that runs there, and all that names it.
  if (!keys.includes('ansible_host')) return sorted(holding([host]));
  const named = placement.groups.filter((group) => placement.members(group).includes(host));
  return sorted([...placement.on(host), ...named.flatMap((group) => placement.everywhere(servicesOfMembers(group)))]);
}

/** What restarts, or starts, or stops, when members come and go. Pure. */
export function restartsOfMembers(before: Placement, after: Placement): string[] {
  const found: string[] = [];
  for (const group of new Set([...before.groups, ...after.groups])) {
    const [old, now] = [before.members(group), after.members(group)];
    if (old.join(' ') === now.join(' ')) continue;
    found.push(...after.everywhere(servicesOfMembers(group)));
    const own = ({ services }: Placement) => services.filter((each) => each.group === group).map(({ name }) => name);
    for (const host of now) if (!old.includes(host)) found.push(...own(after).map((name) => `${name}@${host}`));
    for (const host of old) if (!now.includes(host)) found.push(...own(before).map((name) => `${name}@${host}`));
  }
  return sorted(found);
}

function root(key: string): string {
  return key.split('.')[0] ?? key;
}

function sorted(restarts: readonly string[]): string[] {
  return [...new Set(restarts)].sort();
}
