import type { InventoryGroup } from '../kolla/inventory.ts';
import { servicesOfMembers } from '../kolla/kolla-services.ts';
import { Placement } from '../kolla/restarts.ts';
import type { KollaService } from '../kolla/running.ts';
import { CONFIGURING, Configured, hostOf, nameOf } from './configured.ts';
import type { QueueMembers, RaftDatabase } from './membership.ts';
import { containerOf, SHARED } from './planning.ts';
import type { KollaPlay } from './ports.ts';

export interface ModelProps {
  /** The inventory of the last deployment. */
  readonly standing: readonly InventoryGroup[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly vips: readonly string[];
  /** Hosts that are off. @default none */
  readonly off?: ReadonlySet<string>;
  /** Servers by host. @default one on each compute host */
  readonly servers?: Readonly<Record<string, number>>;
  /** What runs there. @default what a tree runs where nothing more is switched on */
  readonly services?: readonly KollaService[];
}

/** Services whose members agree by majority, each with a group of its name in the inventory. */
const MAJORITIES = ['mariadb', 'rabbitmq', 'ovn-nb-db', 'ovn-sb-db'];

/**
 * A cloud by Kolla-Ansible as a model: who runs, who counts whom, who names whom, which queue has its copies where. Plays and commands do to
 * it what they do to a real one, as far as plans of members depend on it; what they break on the way is in `losses`. It is what plans are
 * simulated on, and the fake behind the ports. Its rules are in docs/members-model.md.
 */
export class CloudModel {
  readonly off: Set<string>;
  readonly addresses: ReadonlyMap<string, string>;
  readonly vips: readonly string[];
  /** `service@host`. */
  readonly running: Set<string>;
  /** Those that start with their host. */
  readonly enabled: Set<string>;
  /** Whom the others count. Galera counts those that it sees. */
  readonly counted = new Map<string, Set<string>>();
  readonly queues = new Map<string, { readonly type: QueueMembers['type']; readonly members: Set<string> }>();
  /** Hosts that were set up for containers. */
  readonly prepared: Set<string>;
  readonly compute = new Map<string, { isEnabled: boolean; isForcedDown?: boolean }>();
  readonly agents = new Set<string>();
  /** Hosts of Cinder's services. */
  readonly volumeServices = new Set<string>();
  readonly servers = new Map<string, string[]>();
  /** What broke on the way, once each. */
  readonly losses = new Set<string>();
  readonly #configured: Configured;
  readonly #services: readonly KollaService[] | undefined;
  #copies = 0;
  #declared = 0;

  constructor({ standing, addresses, vips, off = new Set(), servers, services }: ModelProps) {
    const placement = new Placement(standing, services);
    this.off = new Set(off);
    [this.addresses, this.vips] = [addresses, vips];
    this.#configured = new Configured(standing, services);
    this.#services = services;
    const all = placement.everywhere();
    this.running = new Set(all.filter((service) => !off.has(hostOf(service))));
    this.enabled = new Set(all);
    this.prepared = new Set(placement.hosts);
    for (const group of MAJORITIES) this.counted.set(group, new Set(placement.members(group)));
    for (const host of off) this.counted.get('mariadb')?.delete(host);
    const brokers = placement.members('rabbitmq');
    for (const [name, type] of [
      ['compute', 'quorum'],
      ['compute_fanout', 'stream'],
      ['reply', 'quorum'],
    ] as const)
      this.queues.set(name, { type, members: new Set(brokers.slice(0, 3)) });
    for (const host of placement.members('compute')) {
      this.compute.set(host, { isEnabled: true });
      this.servers.set(
        host,
        Array.from({ length: servers?.[host] ?? 1 }, (_, at) => `server-${host}-${at + 1}`),
      );
    }
    for (const host of [...placement.members('compute'), ...placement.members('network')]) this.agents.add(host);
    for (const host of placement.members('cinder-volume')) this.volumeServices.add(host);
    this.#copies = Math.min(...[...this.queues.values()].map(({ members }) => this.online(members).length));
  }

  membersRunning(service: string): string[] {
    return [...this.running].filter((each) => nameOf(each) === service).map(hostOf);
  }

  runs(service: string, host: string): boolean {
    return this.running.has(`${service}@${host}`) && !this.off.has(host);
  }

  /** Members of a queue whose broker runs. */
  online(members: Iterable<string>): string[] {
    return [...members].filter((host) => this.runs('rabbitmq', host));
  }

  /** The host that has the addresses: the first balancer that runs. */
  get holder(): string | undefined {
    return this.membersRunning('keepalived').sort()[0];
  }

  raftLeader(database: RaftDatabase): string | undefined {
    const group = database === 'OVN_Northbound' ? 'ovn-nb-db' : 'ovn-sb-db';
    return this.membersRunning(group)
      .filter((host) => this.counted.get(group)?.has(host))
      .sort()[0];
  }

  /** @returns hosts that failed, as Ansible tells them */
  play(play: KollaPlay, inventory: readonly InventoryGroup[]): readonly string[] {
    const placement = new Placement(inventory, this.#services);
    const limit = play.limit.length === 0 ? placement.members('baremetal') : play.limit;
    const known = new Set(placement.hosts);
    const failed = limit.filter((host) => this.off.has(host) || !known.has(host));
    if (failed.length > 0) return failed;
    if (play.verb === 'bootstrap-servers') for (const host of limit) this.prepared.add(host);
    const services = Configured.touchedBy({ tags: play.tags, limit }, placement);
    if (play.verb === 'check') return services.filter((each) => !this.running.has(each)).map(hostOf);
    if (play.verb === 'stop') this.#stop(services);
    if (!CONFIGURING.includes(play.verb)) return [];
    const alone = play.verb === 'mariadb-recovery' ? [] : this.#cutOff(services);
    if (alone.length > 0) return alone;
    const unprepared = limit.filter((host) => !this.prepared.has(host));
    if (unprepared.length > 0) return unprepared;
    this.#start(services, play, placement);
    this.#configured.note(play, inventory);
    this.judge();
    return [];
  }

  /** Units of containers are stopped and disabled; of a host's all where none are named. */
  stopUnits(host: string, containers?: readonly string[]): void {
    const own = [...this.enabled].filter((service) => hostOf(service) === host);
    const chosen = own.filter((each) => containers?.includes(containerOf(nameOf(each))) ?? true);
    this.#stop(chosen);
    for (const service of chosen) this.enabled.delete(service);
    this.judge();
  }

  /** Members that are away for a moment, and back: what is lost meanwhile. */
  #restart(service: string, hosts: readonly string[]): void {
    for (const host of hosts) this.running.delete(`${service}@${host}`);
    this.judge();
    for (const host of hosts) this.running.add(`${service}@${host}`);
  }

  #start(services: readonly string[], { tags, oneByOne, extra = [] }: KollaPlay, placement: Placement): void {
    for (const { name } of placement.services) {
      const hosts = services.filter((each) => nameOf(each) === name).map(hostOf);
      const [old, fresh] = [
        hosts.filter((host) => this.runs(name, host)),
        hosts.filter((host) => !this.runs(name, host)),
      ];
      const isAnnounced = !extra.includes('--skip-tags') || tags.includes('loadbalancer');
      if (name === 'haproxy' && !isAnnounced) continue;
      if (MAJORITIES.includes(name) && fresh.length > 0) this.#mustSeeAll(name, hosts, placement);
      const begin = () => fresh.forEach((host) => this.#begin(name, host));
      // Kolla starts new databases of OVN before it restarts the old ones, and new members of all else after.
      if (name.startsWith('ovn-')) begin();
      for (const batch of batches(old, name, oneByOne === true)) this.#restart(name, batch);
      begin();
      if (name === 'neutron-server' && hosts.length > 0) this.#declare();
    }
  }

  /** A service that starts declares queues of its own, with copies on three brokers: on which nobody knows, so each begins one such three. */
  #declare(): void {
    const brokers = this.online(this.counted.get('rabbitmq') ?? []).sort();
    this.#declared += 1;
    for (const [at, first] of brokers.entries()) {
      const three = [...brokers.slice(at), ...brokers.slice(0, at)].slice(0, 3);
      this.queues.set(`q-plugin.${first}.${this.#declared}`, { type: 'quorum', members: new Set(three) });
    }
  }

  #begin(name: string, host: string): void {
    this.counted.get(name)?.add(host);
    this.running.add(`${name}@${host}`);
    this.enabled.add(`${name}@${host}`);
    if (name === 'nova-compute' && !this.compute.has(host)) this.compute.set(host, { isEnabled: true });
    if (name === 'nova-compute' && !this.servers.has(host)) this.servers.set(host, []);
    if (name === 'ovn-controller') this.agents.add(host);
    if (name === 'cinder-volume') this.volumeServices.add(host);
  }

  /** The one database that runs, where it is to restart before others that it will look for. */
  #cutOff(services: readonly string[]): string[] {
    const hosts = services.filter((each) => nameOf(each) === 'mariadb').map(hostOf);
    const old = hosts.filter((host) => this.runs('mariadb', host));
    return old.length === 1 && hosts.length > 1 && this.membersRunning('mariadb').length === 1 ? old : [];
  }

  /** Kolla finds out from those in its limit whether there is a cluster: with a part of them it may make a second one. */
  #mustSeeAll(group: string, limit: readonly string[], placement: Placement): void {
    if (placement.members(group).some((host) => !limit.includes(host))) this.losses.add(`${group}: a second cluster`);
  }

  #stop(services: readonly string[]): void {
    for (const service of services) {
      this.running.delete(service);
      if (nameOf(service) === 'mariadb') this.counted.get('mariadb')?.delete(hostOf(service));
    }
    this.judge();
  }

  /** Notes what is lost as it stands. */
  judge(): void {
    for (const group of MAJORITIES) {
      const counted = this.counted.get(group) ?? new Set();
      const voters = this.membersRunning(group).filter((host) => counted.has(host));
      if (voters.length * 2 <= counted.size)
        this.losses.add(`${group}: ${voters.length} of ${counted.size} members are no majority`);
      const clients = servicesOfMembers(group).filter((name) => name !== group && !name.startsWith('prometheus'));
      for (const client of this.running) {
        const knows = clients.includes(nameOf(client)) ? this.#configured.knows(client, group) : undefined;
        if (knows !== undefined && !voters.some((host) => knows.includes(host)))
          this.losses.add(`${group}: ${nameOf(client)} knows no running member`);
      }
    }
    for (const [name, { members }] of this.queues)
      if (this.online(members).length * 2 <= members.size) this.losses.add(`queue ${name}: no majority of its copies`);
    for (const service of SHARED)
      if (this.membersRunning(service).length === 0) this.losses.add(`${service}: no member is left`);
  }

  /** What is not as it should be at the end. @param wanted the inventory that was asked for */
  problemsAtEnd(wanted: readonly InventoryGroup[]): string[] {
    const placement = new Placement(wanted, this.#services);
    const should = new Set(placement.everywhere());
    const problems = [
      ...[...should].filter((each) => !this.running.has(each)).map((each) => `${each} does not run`),
      ...[...this.running].filter((each) => !should.has(each)).map((each) => `${each} still runs`),
      ...[...this.enabled]
        .filter((each) => !should.has(each) && !this.off.has(hostOf(each)))
        .map((each) => `${each} would start with its host again`),
      ...this.#configured.stale(wanted).map((each) => `${each} names members of before`),
    ];
    for (const group of MAJORITIES)
      for (const host of this.counted.get(group) ?? [])
        if (!placement.members(group).includes(host)) problems.push(`${host} is still counted in ${group}`);
    const brokers = placement.members('rabbitmq');
    for (const [name, { members }] of this.queues) {
      for (const host of members)
        if (!brokers.includes(host)) problems.push(`queue ${name} still has a copy on ${host}`);
      if (members.size < Math.min(this.#copies, brokers.length))
        problems.push(`queue ${name} has fewer copies than before`);
    }
    const known = (hosts: Iterable<string>, groups: readonly string[], what: string): void => {
      const members = new Set(groups.flatMap((group) => placement.members(group)));
      for (const host of hosts) if (!members.has(host)) problems.push(`${what} still knows ${host}`);
    };
    known(this.compute.keys(), ['compute'], 'Nova');
    known(this.agents, ['compute', 'network'], 'Neutron');
    known(this.volumeServices, ['cinder-volume', 'storage'], 'Cinder');
    for (const [host, servers] of this.servers)
      if (servers.length > 0 && !this.compute.has(host)) problems.push(`${servers.length} servers are left on ${host}`);
    return problems;
  }
}

/** As Kolla restarts them: a third of a cluster at a time, balancers one by one, all at once what it knows no better of. */
function batches(hosts: readonly string[], service: string, oneByOne: boolean): string[][] {
  const third = service === 'mariadb' || service === 'rabbitmq';
  const size =
    oneByOne || service === 'haproxy' || service === 'keepalived'
      ? 1
      : third
        ? Math.floor(hosts.length * 0.33) || 1
        : hosts.length;
  const all: string[][] = [];
  for (let at = 0; at < hosts.length; at += size) all.push(hosts.slice(at, at + size));
  return all;
}
