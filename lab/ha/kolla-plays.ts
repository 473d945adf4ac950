import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HaTimers } from './adapt.ts';
import { TARGETS } from './adaptations.ts';
import { tellClient } from './client-settings.ts';
import { writeHost, writeSettings } from './configure.ts';
import { HostServices } from './host-services.ts';
import { type Controller, hostNamed, VIP } from './hosts.ts';
import { backUp, writeCertificates } from './keep.ts';
import { type HaMembers, hostsOf, type InventoryGroup, keepMembers, membersInInventory } from './members.ts';
import type { NetnsCluster } from './netns-cluster.ts';
import { ROLES, waitForService } from './roles.ts';
import type { HaSecrets } from './secrets.ts';
import { controllerServices, SERVICES, type ServiceName } from './services.ts';

/** A run of kolla-ansible, as plans name it. */
export interface Play {
  readonly key: string;
  readonly verb: string;
  readonly tags: readonly string[];
  readonly limit: readonly string[];
  readonly extra?: readonly string[];
}

interface PlayResult {
  readonly code: number;
  readonly faults: readonly { readonly host: string; readonly task: string }[];
  readonly log: string;
}

/** Runs that change nothing here: packages, images and settings of hosts are the lab's. */
const NOTHING_HERE = ['prechecks', 'pull', 'validate-config', 'gather-facts', 'certificates'];

/**
 * Plays of kolla-ansible on the lab's hosts: services of the tags, on the hosts of their groups within the limit, with the settings
 * that Kolla writes for these members. What is not there starts; what got other settings restarts, in Kolla's order.
 */
export class NetnsKollaPlays {
  readonly #cluster: NetnsCluster;
  readonly #secrets: HaSecrets;
  readonly #timers: HaTimers;
  readonly #secretsFolder: string | undefined;

  /** @param secretsFolder - Of the deployment host, whose certificates `genconfig` writes. @default - it has none */
  constructor(cluster: NetnsCluster, secrets: HaSecrets, timers: HaTimers, secretsFolder?: string) {
    this.#secretsFolder = secretsFolder;
    this.#cluster = cluster;
    this.#secrets = secrets;
    this.#timers = timers;
  }

  async run(play: Play, inventory: readonly InventoryGroup[], signal: AbortSignal): Promise<PlayResult> {
    const log = this.#cluster.log('kolla-plays');
    const members = membersInInventory(inventory);
    const limit = play.limit.length === 0 ? hostsOf(members).map(({ name }) => name) : play.limit;
    const say = (what: string): void => {
      appendFileSync(log, `${new Date().toISOString()} ${what}\n`, { mode: 0o600 });
    };
    say(`${play.verb} ${play.tags.join(',')} on ${limit.join(',')} (${play.key})`);
    let at = limit[0] ?? '';
    try {
      await this.#play(play, members, limit, signal, (host) => (at = host));
      say('done');
      return { code: 0, faults: [], log };
    } catch (error) {
      signal.throwIfAborted();
      say(`failed on ${at}: ${error instanceof Error ? error.message : String(error)}`);
      return { code: 2, faults: [{ host: at, task: `${play.verb} ${play.tags.join(',')}` }], log };
    }
  }

  async #play(
    play: Play,
    members: HaMembers,
    limit: readonly string[],
    signal: AbortSignal,
    on: (host: string) => void,
  ): Promise<void> {
    if (play.verb === 'genconfig') {
      for (const name of limit) await writeCertificates(this.#cluster, name, this.#secretsFolder);
      return;
    }
    if (NOTHING_HERE.includes(play.verb)) return;
    if (play.verb === 'mariadb-backup') {
      const [first = ''] = members.mariadb;
      on(first);
      await backUp(this.#cluster, first, play.extra?.includes('--incremental') === true ? 'incremental' : 'full');
      return;
    }
    if (play.verb === 'bootstrap-servers') {
      for (const name of limit) {
        on(name);
        if (this.#cluster.find(name) === undefined) await bareHost(this.#cluster, hostNamed(name));
      }
      return;
    }
    // The inventory of a stop or a check may still name who has left.
    if (play.verb !== 'stop' && play.verb !== 'check') keepMembers(this.#cluster.layout, members);
    if (play.verb === 'mariadb-recovery') {
      await this.#recover(play, members, limit, signal, on);
      return;
    }
    const chosen = ROLES.filter(({ tags }) => play.tags.length === 0 || tags.some((tag) => play.tags.includes(tag)));
    for (const role of chosen) {
      const hosts = within(role.services, members, limit);
      if (play.verb === 'stop') await this.#stop(role.services, members, hosts, on);
      else if (play.verb === 'check') await this.#check(role.services, members, hosts, signal, on);
      else await this.#deploy(role, members, hosts, signal, on);
    }
    if (play.verb !== 'stop' && play.verb !== 'check') await tellClient(this.#cluster, members, play.tags);
  }

  async #stop(
    services: readonly ServiceName[],
    members: HaMembers,
    hosts: readonly Controller[],
    on: (host: string) => void,
  ): Promise<void> {
    for (const host of hosts) {
      on(host.name);
      const there = new HostServices(this.#cluster, host.name);
      for (const name of services.filter((each) => members[SERVICES[each]].includes(host.name)).toReversed())
        await there.stop(name);
    }
  }

  async #check(
    services: readonly ServiceName[],
    members: HaMembers,
    hosts: readonly Controller[],
    signal: AbortSignal,
    on: (host: string) => void,
  ): Promise<void> {
    for (const host of hosts) {
      on(host.name);
      for (const name of services.filter((each) => members[SERVICES[each]].includes(host.name)))
        await waitForService(this.#cluster, host, name, signal);
    }
  }

  /** Settings first, everywhere; then what is new starts and what has other settings restarts. */
  async #deploy(
    role: (typeof ROLES)[number],
    members: HaMembers,
    hosts: readonly Controller[],
    signal: AbortSignal,
    on: (host: string) => void,
  ): Promise<void> {
    const begin: Controller[] = [];
    const again: Controller[] = [];
    for (const host of hosts) {
      on(host.name);
      const { isNew, isChanged } = await this.#configure(role, host, members);
      if (isNew) begin.push(host);
      else if (isChanged) again.push(host);
    }
    if (role.tags.includes('loadbalancer')) await this.#restartBalancers(again, on);
    else
      for (const host of again) {
        // One after the other: a third of three hosts is one.
        on(host.name);
        const there = new HostServices(this.#cluster, host.name);
        for (const name of role.restarts) if (there.isRunning(name)) await there.restart(name);
        for (const name of role.services) await waitForService(this.#cluster, host, name, signal);
      }
    for (const host of begin) {
      on(host.name);
      const there = new HostServices(this.#cluster, host.name);
      for (const name of role.services) await there.start(name);
      for (const name of role.services) await waitForService(this.#cluster, host, name, signal);
    }
  }

  async #configure(
    role: (typeof ROLES)[number],
    host: Controller,
    members: HaMembers,
  ): Promise<{ readonly isNew: boolean; readonly isChanged: boolean }> {
    const there = new HostServices(this.#cluster, host.name);
    const installed = await there.installed();
    const wanted = controllerServices(host, this.#timers, members).filter(({ name }) => role.services.includes(name));
    const before = installed.filter(({ name }) => role.services.includes(name));
    const isNew = wanted.some(({ name }) => !there.isRunning(name));
    for (const { name } of wanted) if (!there.isRunning(name)) await writeFile(stopped(this.#cluster, host, name), '');
    const paths = Object.keys(TARGETS).filter((path) => role.folders.includes(path.split('/')[0] ?? ''));
    const changed = await writeSettings(this.#cluster, this.#secrets, host, this.#timers, members, paths);
    await this.#cluster.read(host.name, ['/bin/sh', '/usr/lib/tandem/prepare.sh']);
    await there.install(wanted);
    // OVN's databases know their members from their own files.
    const northd = (list: typeof wanted): string =>
      JSON.stringify(list.find(({ name }) => name === 'ovn-northd')?.argv);
    return { isNew, isChanged: changed.length > 0 || northd(before) !== northd(wanted) };
  }

  /** As Kolla’s handlers do: those without the VIP first, then its holder, which hands it over. */
  async #restartBalancers(hosts: readonly Controller[], on: (host: string) => void): Promise<void> {
    const holders = new Set<string>();
    for (const { name } of hosts)
      if ((await this.#cluster.read(name, ['ip', '-o', '-4', 'address', 'show', 'dev', 'eth0'])).includes(` ${VIP}/`))
        holders.add(name);
    const back = hosts
      .filter(({ name }) => !holders.has(name))
      .map(({ name }) => new HostServices(this.#cluster, name));
    const front = hosts
      .filter(({ name }) => holders.has(name))
      .map(({ name }) => new HostServices(this.#cluster, name));
    for (const group of [back, front]) {
      for (const name of group === back ? (['keepalived', 'haproxy'] as const) : (['haproxy', 'keepalived'] as const))
        for (const there of group) {
          on(there.host);
          await there.stop(name);
        }
      for (const there of group) await there.start('haproxy');
      if (group.length > 0) await sleep(1500);
      for (const there of group) await there.start('keepalived');
      // Until those behind can take the VIP: an interval and as many rises as keepalived asks for.
      if (group.length > 0) await sleep(3000);
    }
  }

  /** Kolla's playbook `mariadb-recovery` for a host that was named: it founds the cluster anew, and the others join it. */
  async #recover(
    play: Play,
    members: HaMembers,
    limit: readonly string[],
    signal: AbortSignal,
    on: (host: string) => void,
  ): Promise<void> {
    const text = play.extra?.join(' ') ?? '';
    const named = /mariadb_recover_inventory_name=(\S+)/.exec(text)?.[1];
    const role = ROLES.find(({ tags }) => tags.includes('mariadb'));
    if (named === undefined || role === undefined)
      throw new Error('the lab takes mariadb-recovery with a named host alone');
    const others = members.mariadb.filter((name) => name !== named && limit.includes(name));
    for (const name of [named, ...others]) await this.#configure(role, hostNamed(name), members);
    const there = new HostServices(this.#cluster, named);
    on(named);
    await there.stop('mariadb');
    // As its playbook does: that Galera may found a cluster on data that it did not stop with, or that came out of a backup.
    const edit = [
      'f=/var/lib/mysql/grastate.dat; touch $f; chown mysql:mysql $f',
      'grep -q ^safe_to_bootstrap: $f || echo safe_to_bootstrap: >>$f',
      "sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' $f",
    ].join('\n');
    await this.#cluster.read(named, ['sh', '-ec', edit]);
    // Who asks for the balancer is no part of Kolla's database: a stop of it took that away as well.
    for (const name of members.mariadb) await new HostServices(this.#cluster, name).start('clustercheck');
    await writeFile(this.#cluster.file(named, '/etc/tandem/bootstrap'), '');
    await there.start('mariadb');
    await waitForService(this.#cluster, hostNamed(named), 'mariadb', signal);
    // Those that run already, and look for the others again and again, stay as they are: as a container that is what it should be.
    for (const name of others) await new HostServices(this.#cluster, name).start('mariadb');
    for (const name of others) await waitForService(this.#cluster, hostNamed(name), 'mariadb', signal);
    // Kolla restarts the first one again: it was started with the command that founds a cluster. Here that command is gone once used.
  }
}

/** Hosts within the limit that run any of these services. */
function within(services: readonly ServiceName[], members: HaMembers, limit: readonly string[]): readonly Controller[] {
  const hosts = new Set(services.flatMap((name) => members[SERVICES[name]]));
  return [...hosts].filter((name) => limit.includes(name)).map(hostNamed);
}

function stopped(cluster: NetnsCluster, host: Controller, name: ServiceName): string {
  return cluster.file(host.name, `/run/tandem/stopped/${name}`);
}

/** A machine with its packages, and nothing that runs: as it is handed over, before Kolla has been there. */
async function bareHost(cluster: NetnsCluster, host: Controller): Promise<void> {
  await writeHost(cluster, host.name, []);
  await cluster.powerOn(host);
}
