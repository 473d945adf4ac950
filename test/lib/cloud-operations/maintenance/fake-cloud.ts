import type { MaintenancePorts } from '../../../../lib/cloud-operations/maintenance/ports.ts';
import type { CloudServer, CommandResult, HostCommand } from '../../../../lib/private-cloud/members/ports.ts';
import type { ExpectedCloud } from '../../../../lib/private-cloud/status/expected.ts';
import type { LiveServers } from '../../../../lib/private-cloud/status/spare.ts';
import { FakeSurveys } from '../status/fake-surveys.ts';
import { sayMembers } from '../status/say-members.ts';

interface Host {
  boots: number;
  isOff: boolean;
  hasMark: boolean;
  /** `ovn-cms-options`, and where maintenance keeps it. */
  offered: string;
  kept: string;
  hasKeepalived: boolean;
  isDrained: boolean;
}

interface Service {
  isEnabled: boolean;
  reason: string | undefined;
}

const OPTIONS = '"enable-chassis-as-gw,availability-zones=z"';
const ok = (stdout = ''): CommandResult => ({ code: 0, stdout, stderr: '' });

/**
 * A cloud in memory, as far as maintenance touches it: servers move at once to the next host that takes some; a host that restarts loses
 * its mark and what RabbitMQ drained, and starts keepalived; OVS keeps its settings over a restart. `onEffect` is told of every change
 * before it is made, and may throw: the change is then not made.
 */
export class FakeMaintainedCloud {
  readonly hosts = new Map<string, Host>();
  readonly services = new Map<string, Service>();
  readonly servers: CloudServer[] = [];
  readonly surveys: FakeSurveys;
  readonly expected: ExpectedCloud;
  onEffect: (what: string) => void = () => undefined;
  /** Answers of the operator. */
  operator: (text: string) => boolean = () => true;
  waits = 0;

  constructor(expected: ExpectedCloud, gateways: readonly string[], live: LiveServers) {
    this.expected = expected;
    for (const host of expected.hosts)
      this.hosts.set(host, {
        ...{ boots: 0, isOff: false, hasMark: false, kept: '', isDrained: false },
        offered: gateways.includes(host) ? OPTIONS : '',
        hasKeepalived: expected.places.balancers.includes(host),
      });
    for (const host of expected.compute) this.services.set(host, { isEnabled: true, reason: undefined });
    for (const { id, name, host } of live.servers) this.servers.push({ id, name, host, status: 'ACTIVE' });
    const { hosts } = this;
    this.surveys = new FakeSurveys(
      Object.fromEntries(
        [...hosts].map(([name, host]) => [
          name,
          {
            get bootId() {
              return `${name} ${host.boots}`;
            },
            get isSilent() {
              return host.isOff;
            },
            containers: [...(expected.containers.get(name) ?? [])].map((container) => ({
              ...{ name: container, image: 'x', state: 'running', health: null, isStale: false },
            })),
            answer: (command: HostCommand) => this.#answer(host, command),
          },
        ]),
      ),
    );
  }

  get ports(): MaintenancePorts {
    return {
      surveys: this.surveys,
      api: {
        computeServices: () =>
          Promise.resolve(
            [...this.services].map(([host, { isEnabled, reason }]) => ({
              ...{ id: host, host, isEnabled, disabledReason: reason, isUp: this.hosts.get(host)?.isOff === false },
            })),
          ),
        serversOn: (host) => Promise.resolve(this.servers.filter((server) => server.host === host)),
        disable: (host, reason) =>
          this.#effect(`disable ${host}`, () => void this.services.set(host, { isEnabled: false, reason })),
        enable: (host) =>
          this.#effect(`enable ${host}`, () => void this.services.set(host, { isEnabled: true, reason: undefined })),
        liveMigrate: (id) => this.#effect(`move ${id}`, () => this.#move(id)),
      },
      liveServers: () => Promise.resolve(this.live()),
      power: {
        reboot: async (hosts) => {
          for (const name of hosts) await this.#effect(`reboot ${name}`, () => this.#boot(name));
        },
        powerOff: async (hosts) => {
          for (const name of hosts)
            await this.#effect(`off ${name}`, () => void Object.assign(this.hosts.get(name) ?? {}, { isOff: true }));
        },
      },
      sleep: () => {
        this.waits += 1;
        if (this.waits > 10_000) throw new Error('waits for ever');
        return Promise.resolve();
      },
      waitForOperator: (text) => Promise.resolve(this.operator(text)),
      onWait: () => undefined,
    };
  }

  /** Switched on again, by hand. */
  powerOn(name: string): void {
    this.#boot(name);
  }

  live(): LiveServers {
    const kind = { vcpus: 64, memoryMiB: 65_536, diskGiB: 1000 };
    const size = { vcpus: 1, memoryMiB: 1024, diskGiB: 1, group: undefined };
    const zoneOf = (host: string): string => `rack-${/-(\w)-\d+$/.exec(host)?.[1] ?? ''}`;
    const taking = [...this.services].filter(
      ([host, { isEnabled }]) => isEnabled && this.hosts.get(host)?.isOff === false,
    );
    return {
      hosts: taking.map(([name]) => ({ name, zone: zoneOf(name), ...kind })),
      servers: this.servers.map(({ id, name, host }) => ({ id, name, host, zone: zoneOf(host), ...size })),
    };
  }

  async #effect(what: string, change: () => void): Promise<void> {
    this.onEffect(what);
    change();
    await Promise.resolve();
  }

  #boot(name: string): void {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no ${name}`);
    const hasKeepalived = this.expected.places.balancers.includes(name);
    Object.assign(host, { boots: host.boots + 1, isOff: false, hasMark: false, isDrained: false, hasKeepalived });
  }

  #move(id: string): void {
    const at = this.servers.findIndex((server) => server.id === id);
    const server = this.servers[at];
    if (server === undefined) throw new Error(`no ${id}`);
    const { hosts } = this.live();
    const zone = /-(\w)-\d+$/.exec(server.host)?.[1] ?? '';
    const to = hosts.find(({ name }) => name !== server.host && name.includes(`-${zone}-`));
    if (to !== undefined) this.servers[at] = { ...server, host: to.name };
  }

  #answer(host: Host, command: HostCommand): CommandResult {
    const [program, ...words] = command.argv;
    const line = command.argv.join(' ');
    const change = (values: Partial<Host>): CommandResult => {
      this.onEffect(`${line} on ${command.host}`);
      Object.assign(host, values);
      return ok();
    };
    switch (program) {
      case 'touch':
        return change({ hasMark: true });
      case 'rm':
        return change({ hasMark: false });
      case 'test':
        return { ...ok(), code: host.hasMark ? 0 : 1 };
      case 'systemctl':
        return change({ hasKeepalived: words[0] === 'start' });
      case 'rabbitmq-upgrade':
        return change({ isDrained: words[0] === 'drain' });
      case 'sh':
        return change({});
      case 'ovs-vsctl': {
        if (words.includes('get')) return ok(line.endsWith('tandem-cms-options') ? host.kept : host.offered);
        const value = /=(.*)$/.exec(words.find((word) => word.includes('=')) ?? '')?.[1] ?? '';
        return line.includes('tandem-cms-options=')
          ? change({ kept: value, offered: '' })
          : change({ offered: value, kept: '' });
      }
      default: {
        const holder = [...this.hosts].find(([, each]) => each.hasKeepalived && !each.isOff)?.[0];
        return sayMembers(this.expected, command, holder);
      }
    }
  }
}
