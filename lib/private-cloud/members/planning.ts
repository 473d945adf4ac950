import type { InventoryGroup } from '../kolla/inventory.ts';
import { Placement } from '../kolla/restarts.ts';
import type { KollaService } from '../kolla/running.ts';
import { updateSteps } from '../kolla/steps.ts';
import { Configured, nameOf } from './configured.ts';
import { byGroup, type Members, MOVING, type Moving, movingOf, tagsOf, withMembers, without } from './groups.ts';
import { type Action, type Draft, play, verify } from './step.ts';

/** From which placement to which. */
export interface MemberChange {
  readonly from: Members;
  readonly to: Members;
  /** The inventory as it stands. */
  readonly standing: readonly InventoryGroup[];
  /** One that names every host of both. */
  readonly inventory: readonly InventoryGroup[];
  /** What the tree runs. @default what one runs where nothing more is switched on */
  readonly services?: readonly KollaService[];
  /** `docker` or `podman`. */
  readonly engine: string;
  /** Address on the internal plane. */
  readonly addressOf: (host: string) => string;
  /** Hosts that are off and stay so: nothing can be done on them. */
  readonly off: ReadonlySet<string>;
  /** The cloud has addresses that move between balancers. */
  readonly hasVips: boolean;
}

/** Of what, and who. */
export interface Told {
  /** Groups of Kolla's whose members they look up. @default all */
  readonly groups?: readonly string[];
  /** Of these hosts, the load balancers alone, and nothing else. @default everything everywhere */
  readonly balancers?: readonly string[];
}

/** A restart of a load balancer hands its addresses over. */
export const VIP = ['the VIP, for one failover'];
const BALANCER = 'loadbalancer';
/** Roles whose members restart in steps of their own. */
const OWN_STEPS: ReadonlySet<string> = new Set(['mariadb', 'rabbitmq', 'ovn-db']);
/** What is new to whoever is told. */
const WORDS: Readonly<Record<Moving, string>> = {
  ...{ mariadb: 'databases', rabbitmq: 'brokers', 'ovn-database': 'databases of OVN', loadbalancer: 'load balancers' },
  ...{ control: 'controllers', network: 'gateways', storage: 'storage hosts', compute: 'compute hosts' },
  monitoring: 'monitoring hosts',
};

/** A plan in the making: who is where by now, and what each service was told. */
export class Planning {
  readonly change: MemberChange;
  readonly steps: Draft[] = [];
  /** Those that run: a host that is off is none, whoever counts it. */
  members: Members;
  readonly #configured: Configured;

  constructor(change: MemberChange) {
    this.change = change;
    this.members = byGroup((group) => change.from[group].filter((host) => !change.off.has(host)));
    this.#configured = new Configured(change.standing, change.services);
  }

  /** Members of a group that are off: the others still count them. */
  dead(group: Moving): string[] {
    return this.change.from[group].filter((host) => this.change.off.has(host));
  }

  joining(group: Moving): string[] {
    return without(this.change.to[group], this.members[group]);
  }

  leaving(group: Moving): string[] {
    return without(this.members[group], this.change.to[group]);
  }

  /** The members now, but for one group. */
  with(group: Moving, hosts: readonly string[]): Members {
    return { ...this.members, [group]: hosts };
  }

  /** Takes it that these are the members from now on. */
  settle(group: Moving, hosts: readonly string[]): void {
    this.members = this.with(group, hosts);
  }

  inventoryOf(members: Members): InventoryGroup[] {
    return withMembers(this.change.inventory, members);
  }

  /** @param members who is in the step's inventory. @default those of now */
  add(key: string, actions: readonly Action[], more: Partial<Pick<Draft, 'members' | 'unavailable'>> = {}): void {
    const { members = this.members, unavailable = [] } = more;
    this.steps.push({ key, members, actions, unavailable });
    const inventory = this.inventoryOf(members);
    for (const action of actions) if (action.kind === 'play') this.#configured.note(action.play, inventory);
  }

  /** The members as others are to know them: of these groups, those that will be there. */
  announced(groups: readonly Moving[]): Members {
    return byGroup((group) => (groups.includes(group) ? this.change.to[group] : this.members[group]));
  }

  /**
   * Has every service that names other members configured anew, as a deployment would: host by host. Databases, brokers and OVN's databases
   * are not among them: their own steps do it, and restart them one by one.
   */
  tell(members: Members, { groups, balancers }: Told = {}): void {
    const inventory = this.inventoryOf(members);
    const placement = new Placement(inventory, this.change.services);
    const isMeant = (tag: string) => (balancers === undefined ? !OWN_STEPS.has(tag) : tag === BALANCER);
    const names = new Set(placement.services.filter(({ tag }) => isMeant(tag)).map(({ name }) => name));
    const stale = this.#configured.stale(inventory, groups).filter((service) => names.has(nameOf(service)));
    // Without prechecks, which were made when the hosts were prepared: they find the ports of what runs taken.
    const runs = updateSteps(stale, placement).filter(({ verb }) => verb === 'reconfigure');
    for (const { tags, oneByOne, limit: all } of runs) {
      const limit = balancers === undefined ? all : all.filter((host) => balancers.includes(host));
      const action = play('reconfigure', tags, limit, oneByOne === true ? { oneByOne } : {});
      const why = this.#news(stale, tags, limit, placement).join(', ');
      const isFront = tags.includes(BALANCER);
      this.add(
        `reconfigure ${tags.join(', ')} on ${many(limit)}: other ${why}`,
        [action, ...(isFront ? this.serving(limit) : [])],
        { members, unavailable: isFront ? this.#failover(limit) : lonely(tags, placement) },
      );
    }
  }

  /** Of what the services of a run are told. */
  #news(stale: readonly string[], tags: readonly string[], limit: readonly string[], placement: Placement): string[] {
    const touched = new Set(Configured.touchedBy({ tags, limit }, placement));
    const own = stale.filter((service) => touched.has(service));
    const groups = new Set(own.flatMap((service) => this.#configured.newsOf(service, placement)));
    const moving = new Set([...groups].map((group) => movingOf(this.change.inventory, group)));
    const words = MOVING.filter((group) => moving.has(group)).map((group) => WORDS[group]);
    // Exporters are on hosts of every kind.
    return words.length > 0 ? words : ['hosts'];
  }

  /** That load balancers are healthy, and one of them has each address. */
  serving(balancers: readonly string[]): Action[] {
    const holds = this.change.hasVips ? [verify({ kind: 'vips', hosts: balancers })] : [];
    return [play('check', [BALANCER], balancers), ...holds];
  }

  /** What clients lose while load balancers restart, the holder of the address last. */
  #failover(balancers: readonly string[]): readonly string[] {
    if (balancers.length < 2) return ['the VIP, while the only load balancer restarts'];
    return this.change.hasVips ? VIP : [];
  }

  /** A deploy of hosts together, and of controllers one by one: their APIs have some of these tags as well, and restart. */
  deploys(tags: readonly string[], hosts: readonly string[], more: Parameters<typeof play>[3] = {}): Action[] {
    const controllers = hosts.filter((host) => this.members.control.includes(host));
    const others = without(hosts, controllers);
    const alone = controllers.map((host) => play('deploy', tags, [host], more));
    return [...(others.length > 0 ? [play('deploy', tags, others, more)] : []), ...alone];
  }

  /** Tags of all that runs on a host because it is in this group. */
  tagsOf(group: Moving): string[] {
    return tagsOf(this.change.inventory, group, this.change.services);
  }

  /** Containers that a host no longer needs once its groups are others: names of services, as Kolla makes containers of them. */
  containersGone(host: string, before: Members, after: Members): string[] {
    const on = (members: Members) =>
      new Placement(this.inventoryOf(members), this.change.services).on(host).map(nameOf);
    return without(on(before), on(after)).map(containerOf);
  }
}

/** What clients lose while the only member of a service restarts. */
export function lonely(tags: readonly string[], placement: Placement): string[] {
  const own = placement.services.filter(({ name, tag }) => SHARED.has(name) && tags.includes(tag));
  const found = own.filter(({ group }) => placement.members(group).length < 2).map(({ name }) => name);
  return found.length === 0 ? [] : [`${found.join(', ')}, while the only one restarts`];
}

/** Services of which clients lose nothing while one member is left. */
export const SHARED: ReadonlySet<string> = new Set([
  ...['haproxy', 'keystone', 'nova-api', 'neutron-server', 'glance-api', 'cinder-api', 'ovn-northd'],
]);

const CONTAINERS: Readonly<Record<string, string>> = {
  'openvswitch-db-server': 'openvswitch_db',
};

/** As Kolla names the container of a service. */
export function containerOf(service: string): string {
  return CONTAINERS[service] ?? service.replaceAll('-', '_');
}

export function many(hosts: readonly string[]): string {
  return hosts.length > 3 ? `${hosts.length} hosts` : hosts.join(', ');
}
