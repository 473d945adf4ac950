import type { InventoryGroup } from '../kolla/inventory.ts';
import { servicesOfMembers } from '../kolla/kolla-services.ts';
import { Placement } from '../kolla/restarts.ts';
import type { KollaService } from '../kolla/running.ts';
import type { KollaPlay } from './ports.ts';

/** Verbs that write the configuration of what their tags name. */
export const CONFIGURING: readonly string[] = ['deploy', 'reconfigure', 'mariadb-recovery'];

/**
 * Which members each service was last told of: Kolla writes a service's configuration from the inventory of the run that configures it,
 * and what no run configured still names the members of before.
 */
export class Configured {
  readonly #told = new Map<string, Placement>();
  readonly #services: readonly KollaService[] | undefined;

  /** @param standing the inventory of the last deployment: everything was configured from it. @param services as `Placement` has them */
  constructor(standing: readonly InventoryGroup[], services?: readonly KollaService[]) {
    this.#services = services;
    const placement = new Placement(standing, services);
    for (const service of placement.everywhere()) this.#told.set(service, placement);
  }

  /** `service@host` that a play configures, or stops. */
  static touchedBy({ tags, limit }: Pick<KollaPlay, 'tags' | 'limit'>, placement: Placement): string[] {
    const names = placement.services
      .filter(({ tag }) => tags.length === 0 || tags.includes(tag))
      .map(({ name }) => name);
    const all = placement.everywhere(names);
    return limit.length === 0 ? all : all.filter((service) => limit.includes(hostOf(service)));
  }

  note(play: Pick<KollaPlay, 'verb' | 'tags' | 'limit'>, inventory: readonly InventoryGroup[]): void {
    if (!CONFIGURING.includes(play.verb)) return;
    const placement = new Placement(inventory, this.#services);
    for (const service of Configured.touchedBy(play, placement)) this.#told.set(service, placement);
  }

  /** Members of a group as a service knows them; undefined where it was never configured. */
  knows(service: string, group: string): readonly string[] | undefined {
    return this.#told.get(service)?.members(group);
  }

  /** Groups whose members are others than a service was told. */
  newsOf(service: string, placement: Placement): string[] {
    return placement.groups.filter((group) => this.#isStale(service, group, placement));
  }

  #isStale(service: string, group: string, placement: Placement): boolean {
    if (!servicesOfMembers(group).includes(nameOf(service))) return false;
    const known = this.knows(service, group);
    return known !== undefined && [...known].sort().join(' ') !== [...placement.members(group)].sort().join(' ');
  }

  /** `service@host` that name other members than these, of services that run; sorted as a deployment goes. */
  stale(inventory: readonly InventoryGroup[], groups?: readonly string[]): string[] {
    const placement = new Placement(inventory, this.#services);
    const found = new Set<string>();
    for (const group of groups ?? placement.groups)
      for (const service of placement.everywhere(servicesOfMembers(group)))
        if (this.#isStale(service, group, placement)) found.add(service);
    return [...found];
  }
}

export function hostOf(service: string): string {
  return service.slice(service.indexOf('@') + 1);
}

export function nameOf(service: string): string {
  return service.slice(0, service.indexOf('@'));
}
