import type { Place } from '../servers/place.ts';
import { FormedServer } from '../servers/server.ts';
import { firstBoot } from './first-boot.ts';
import { type BedNetwork, SIDES, type Side } from './network.ts';
import type { BedDiscovery } from './settings.ts';
import { until } from './until.ts';

const PORT = 8500;
/** The one service that each side has. */
const SERVICE = 'drill';

interface ConsulFacts {
  readonly place: Place;
  readonly network: BedNetwork;
  readonly settings: BedDiscovery;
  /** Lower folders of a server's root. */
  readonly lower: string;
  /** Whoever has the service on a side. */
  readonly hosts: Readonly<Record<Side, string>>;
}

/** Servers of Consul on both sides of a link, as they are rendered. Servers are numbers from 1. */
export class ConsulServers {
  readonly #facts: ConsulFacts;
  readonly #servers: Readonly<Record<Side, readonly FormedServer[]>>;

  constructor(facts: ConsulFacts) {
    this.#facts = facts;
    const made = (side: Side) =>
      facts.settings[side].servers.map(
        ({ name, address }, index) =>
          new FormedServer(facts.place, {
            ...{ name, address, tier: side, index: index + 1, zone: 'nova', volumes: {}, lower: facts.lower },
            at: facts.network.numberOf(`${side}-${index + 1}`),
            connect: async () => Promise.resolve(),
          }),
      );
    this.#servers = { cloud: made('cloud'), environment: made('environment') };
  }

  get all(): readonly FormedServer[] {
    return SIDES.flatMap((side) => this.#servers[side]);
  }

  async up(): Promise<void> {
    await Promise.all(
      SIDES.map(async (side) => {
        const { servers, ...given } = this.#facts.settings[side];
        await Promise.all(
          this.#servers[side].map(async (server, at) => firstBoot(server, { metadata: {}, ...servers[at], ...given })),
        );
        for (const server of this.#servers[side]) await this.#register(server, this.#facts.hosts[side]);
      }),
    );
  }

  /** Each has the service, so that it is found while any of them is there. Agents keep what was registered. */
  async #register(server: FormedServer, host: string): Promise<void> {
    const service = JSON.stringify({ ID: SERVICE, Name: SERVICE, Address: host, Port: 80 });
    const put = ['--request', 'PUT', '--data', service];
    await until(`${server.name} has its service`, async () => {
      await this.#ask(server, 'agent/service/register', put);
      return true;
    });
  }

  /**
   * As on any day: all are alive and vote, and each finds all that the other side has. What they call each other over the link is not asked: a
   * server that was removed for dead and is back may be `leaving` there for long, and is asked all the same (serf keeps what was said last).
   */
  async settled(): Promise<void> {
    for (const side of SIDES)
      await until(
        `Consul of ${this.#facts.settings[side].name} is whole, and finds what the other side has`,
        async () => {
          const found = await Promise.all(this.#servers[side].map(async (server) => this.#isWhole(server, side)));
          return found.every(Boolean);
        },
      );
  }

  async #isWhole(server: FormedServer, side: Side): Promise<boolean> {
    const other = side === 'cloud' ? 'environment' : 'cloud';
    const health = JSON.parse(await this.#ask(server, 'operator/autopilot/health')) as {
      readonly Healthy: boolean;
      readonly Servers: readonly { readonly Voter: boolean }[];
    };
    const voters = health.Servers.filter(({ Voter }) => Voter).length;
    const path = `health/service/${SERVICE}?passing&dc=${this.#facts.settings[other].name}`;
    const found = JSON.parse(await this.#ask(server, path)) as readonly unknown[];
    return health.Healthy && voters === this.#servers[side].length && found.length === this.#servers[other].length;
  }

  /** @throws where nobody leads */
  async leader(side: Side): Promise<number> {
    for (const server of this.#servers[side]) {
      const said = await this.#ask(server, 'status/leader').catch(() => '');
      const at = this.#servers[side].findIndex(({ address }) => said.startsWith(`"${address}:`));
      if (at >= 0) return at + 1;
    }
    throw new Error(`nobody leads the servers of Consul in ${this.#facts.settings[side].name}`);
  }

  /** Silently: off the network first, then without power. */
  async powerOff(side: Side, servers = this.#numbers(side)): Promise<void> {
    await Promise.all(
      servers.map(async (server) => {
        await this.#facts.network.setConsul(side, server, 'down');
        await this.#servers[side][server - 1]?.kill();
      }),
    );
  }

  async powerOn(side: Side, servers = this.#numbers(side)): Promise<void> {
    await Promise.all(
      servers.map(async (server) => {
        await this.#facts.network.setConsul(side, server, 'up');
        await this.#servers[side][server - 1]?.boot();
      }),
    );
  }

  /** Those of the numbers below a key that a server does not have, each server asked by itself. */
  async missing(side: Side, prefix: string, wanted: readonly number[]): Promise<number> {
    const lost = new Set<number>();
    for (const server of this.#servers[side]) {
      const keys = new Set(JSON.parse(await this.#ask(server, `kv/${prefix}/?keys&stale`)) as string[]);
      for (const number of wanted) if (!keys.has(`${prefix}/${number}`)) lost.add(number);
    }
    return lost.size;
  }

  addresses(side: Side): readonly string[] {
    return this.#servers[side].map(({ address }) => `${address}:${PORT}`);
  }

  /** What a service of a side is found by. */
  nameOf(side: Side): string {
    return `${SERVICE}.service.${this.#facts.settings[side].name}.consul`;
  }

  #numbers(side: Side): readonly number[] {
    return this.#servers[side].map(({ index }) => index);
  }

  async #ask(server: FormedServer, path: string, options: readonly string[] = []): Promise<string> {
    const quick = ['--silent', '--fail', '--max-time', '3'];
    return server.must(['curl', ...quick, ...options, `http://127.0.0.1:${PORT}/v1/${path}`]);
  }
}
