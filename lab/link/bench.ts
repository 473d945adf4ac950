import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecOptions } from '../servers/server.ts';
import { LinkBed, PEER_PORT } from './bed.ts';
import type { ConsulServers } from './consul.ts';
import { type BedSettings, type BedTunnel, endOf } from './settings.ts';
import { TrafficRun } from './traffic.ts';
import { until } from './until.ts';

/** What a gateway says of itself. */
interface GatewayState {
  readonly vrrp: string;
  readonly well: boolean;
  readonly halves: boolean;
  readonly tunnels: readonly { readonly state: string; readonly bgp: string }[];
}

const PROGRAM = '/usr/local/lib/tandem/link-gateway';
const BRING_UP = '/usr/local/lib/tandem/bring-up';

/** The bed with what can be broken on it. Gateways and tunnels are numbers from 1; a tunnel is `11`: gateway 1's first. */
export class LinkBench {
  readonly #bed: LinkBed;
  readonly #keys = new Map<string, string>();

  /** @throws TandemError `lab-timeout` */
  static async up(settings: BedSettings): Promise<LinkBench> {
    const bench = new LinkBench(await LinkBed.up(settings));
    try {
      await bench.settled();
    } catch (error) {
      await bench.down();
      throw error;
    }
    return bench;
  }

  private constructor(bed: LinkBed) {
    this.#bed = bed;
  }

  async down(): Promise<void> {
    await this.#bed.down();
  }

  now(): number {
    return Date.now() / 1000;
  }

  async sleep(seconds: number): Promise<void> {
    await sleep(1000 * seconds);
  }

  async traffic(from: 'tenant' | 'vpc' = 'tenant', asks: 'hosts' | 'services' = 'hosts'): Promise<TrafficRun> {
    return TrafficRun.begin(this.#bed, from, asks);
  }

  /** Consul's servers of both sides; undefined where the link has none. */
  get consul(): ConsulServers | undefined {
    return this.#bed.consul;
  }

  /** A command on a gateway, whatever it ends with. */
  async exec(gateway: number, command: readonly string[], options: ExecOptions = {}) {
    return this.#gateway(gateway).exec(command, options);
  }

  async state(gateway: number): Promise<GatewayState> {
    return JSON.parse(await this.#gateway(gateway).must(['cat', '/run/tandem-link/state.json'])) as GatewayState;
  }

  /** As on any day: the first gateway has the address, all tunnels are good, nobody tells halves, and no server of Consul is missed. */
  async settled(): Promise<void> {
    await until('all four tunnels are good and the first gateway has the address', async () => {
      const both = [await this.state(1), await this.state(2)];
      const good = both.every(
        ({ well, halves, tunnels }) => well && !halves && tunnels.every(({ state }) => state === 'good'),
      );
      return good && both[0]?.vrrp === 'MASTER' && both[1]?.vrrp === 'BACKUP';
    });
    await this.#bed.consul?.settled();
  }

  /**
   * Probers forget how often a tunnel failed, which keeps it out of use longer each time: no case depends on those before it. What the one
   * before said of itself is gone too, or a gateway would be taken for settled by it.
   */
  async forget(): Promise<void> {
    const again =
      'systemctl stop tandem-link-probe; rm -f /run/tandem-link/state.json; systemctl start tandem-link-probe';
    for (const gateway of this.#bed.gateways) await gateway.must(['sh', '-euc', again]);
  }

  /** Which tunnel carries traffic to the cloud and from it now: the ends, as AWS's router and the first gateway have them. */
  async used(): Promise<{ readonly in: string | undefined; readonly out: string | undefined }> {
    const { tenant, vpcHost } = this.#bed.settings;
    const back = await this.#bed.aws.must(['ip', 'route', 'get', tenant]);
    const out = await this.#gateway(1).must(['ip', 'route', 'get', vpcHost]);
    const index = /dev tun(\d)/.exec(out)?.[1];
    return { in: /dev ep(\d\d)/.exec(back)?.[1], out: index === undefined ? undefined : `1${index}` };
  }

  /** Silently: off the network first, then without power. */
  async powerOff(gateways: readonly number[]): Promise<void> {
    await Promise.all(
      gateways.map(async (gateway) => {
        await this.#bed.network.set('gateway', String(gateway), 'down');
        await this.#gateway(gateway).kill();
      }),
    );
  }

  async powerOn(gateways: readonly number[]): Promise<void> {
    await Promise.all(
      gateways.map(async (gateway) => {
        await this.#bed.network.restore(gateway);
        await this.#gateway(gateway).boot();
      }),
    );
  }

  /** An end point of AWS stops without a word, and AWS's router believes in it until its timer ends. */
  async freezeEnd(end: string): Promise<void> {
    await this.#bed.network.set('end', end, 'down');
    await this.#bed.aws.must(['systemctl', 'kill', '--signal=STOP', `end-${end}`]);
  }

  /** An end point is replaced: another one with its addresses and key. */
  async replaceEnd(end: string): Promise<void> {
    await this.#bed.aws.exec(['systemctl', 'kill', '--signal=KILL', `end-${end}`]);
    await until(
      'the end point is gone',
      async () => (await this.#bed.aws.exec(['systemctl', 'is-active', `end-${end}`])).code !== 0,
    );
    await this.#bed.network.set('end', end, 'up');
    const tunnel = this.#tunnel(end);
    await this.#bed.startEnd({ ...tunnel, key: this.#keys.get(end) ?? tunnel.key });
  }

  /** Until a replaced end point is used again: AWS replaces the next one only then. */
  async endIsBack(end: string): Promise<void> {
    const { gatewayAddress } = this.#tunnel(end);
    await until(`tunnel ${end} has a session of BGP`, async () => {
      const said = await this.#bed.aws.must(['vtysh', '-c', `show bgp neighbors ${gatewayAddress} json`]);
      const neighbours = JSON.parse(said) as Record<string, { readonly bgpState: string }>;
      return neighbours[gatewayAddress]?.bgpState === 'Established';
    });
  }

  /** Packets in tunnels that are lost, each way, in percent; sessions of BGP too. None: nothing is lost any more. */
  async lose(ends: readonly string[], percent: number): Promise<void> {
    const names = ends.map((end) => `ep${end}`).join(', ');
    const share = percent === 100 ? '' : `numgen random mod 100 < ${percent} `;
    const chain = (name: string, hook: string, priority: number, rule: string) =>
      `chain ${name} { type filter hook ${hook} priority ${priority}; ${rule}; }`;
    await this.#nft(`table inet loss {
  ${chain('in', 'prerouting', -400, `iifname { ${names} } ${share}drop`)}
  ${chain('out', 'postrouting', 400, `oifname { ${names} } ${share}drop`)}
}`);
  }

  async loseNothing(): Promise<void> {
    await this.#nft('delete table inet loss');
  }

  /** End points that answer, and pass nothing on to the VPC or from it. */
  async stopForwarding(ends: readonly string[]): Promise<void> {
    const names = ends.map((end) => `ep${end}`).join(', ');
    await this.#nft(`table inet loss {
  chain forward { type filter hook forward priority -10; iifname { ${names} } drop; oifname { ${names} } drop; }
}`);
  }

  /** Whether the messages that say that a packet is too big arrive: gateways and AWS's router drop their own. */
  async loseTooBig(lost: boolean): Promise<void> {
    const rule =
      'chain out { type filter hook output priority 0; icmp type destination-unreachable icmp code frag-needed drop; }';
    const text = lost ? `table ip toobig {\n${rule}\n}` : 'delete table ip toobig';
    for (const server of [this.#bed.aws, ...this.#bed.gateways]) await server.must(['nft', '-f', '-'], { input: text });
  }

  /** Whether gateways tell TCP what fits: without that, and without those messages, it would stop. */
  async clamp(on: boolean): Promise<void> {
    for (const gateway of this.#bed.gateways)
      await gateway.must(
        on
          ? ['nft', '-f', '/etc/tandem-link/nftables.conf']
          : ['nft', 'flush', 'chain', 'inet', 'tandem_link', 'segments'],
      );
  }

  /** Megabits a second of one TCP connection, sent and received by a tenant. */
  async speed(seconds: number): Promise<{ readonly sent: number; readonly received: number }> {
    const { vpcHost } = this.#bed.settings;
    const program = ['python3', '/usr/share/tandem-lab/bulk.py', vpcHost, String(PEER_PORT + 1), String(seconds)];
    const said = await this.#bed.aws.must(program, { network: this.#bed.network.name('tenant') });
    const { sent, received } = JSON.parse(said) as Record<'sent' | 'received', { megabits: number }>;
    return { sent: sent.megabits, received: received.megabits };
  }

  async drain(gateway: number): Promise<void> {
    await this.#gateway(gateway).must([BRING_UP, 'drain']);
  }

  async resume(gateway: number): Promise<void> {
    await this.#gateway(gateway).must([BRING_UP, 'resume']);
  }

  /** As AWS leads traffic away from a tunnel before it replaces its end point: by a lower MED on the others, and its own at once. */
  async steerAway(end: string): Promise<void> {
    await this.#prefer(end, { med: 200, local: 50 });
  }

  async steerBack(end: string): Promise<void> {
    await this.#prefer(end, { med: 100, local: 100 });
  }

  async #prefer(end: string, { med, local }: { readonly med: number; readonly local: number }): Promise<void> {
    const out = [`route-map OUT-${end} permit 10`, `set metric ${med}`, 'exit'];
    const own = [`route-map IN-${end} permit 10`, `set local-preference ${local}`];
    await this.#bed.aws.must(['vtysh', ...['configure terminal', ...out, ...own].flatMap((line) => ['-c', line])]);
    await this.#bed.aws.must(['vtysh', '-c', 'clear bgp ipv4 unicast * soft']);
  }

  /** Another key for one tunnel, on both sides: traffic leaves it, AWS takes the key, the gateway does, traffic comes back. */
  async rotate(end: string, key: string): Promise<void> {
    const { gateway, index } = this.#tunnel(end);
    const server = this.#gateway(gateway);
    await server.must([PROGRAM, 'close', String(index)]);
    await this.giveEnd(end, key);
    await this.#bed.giveKey(server, index, key);
    await server.must(['systemctl', 'start', 'tandem-bring-up.service']);
    await server.must([PROGRAM, 'reopen', String(index)]);
  }

  /** AWS gives one of its end points another key: it is made anew with it. */
  async giveEnd(end: string, key: string): Promise<void> {
    this.#keys.set(end, key);
    await this.replaceEnd(end);
  }

  /** Routes that AWS takes from gateways, by end point: of those alone whose session of BGP is up. */
  async accepted(): Promise<ReadonlyMap<string, number>> {
    const said = await this.#bed.aws.must(['vtysh', '-c', 'show bgp ipv4 unicast summary json']);
    const { peers } = JSON.parse(said) as { peers: Record<string, { state: string; pfxRcd?: number }> };
    return new Map(
      this.#bed.settings.tunnels.flatMap((tunnel) => {
        const { state, pfxRcd = 0 } = peers[tunnel.gatewayAddress] ?? {};
        return state === 'Established' ? [[endOf(tunnel), pfxRcd] as const] : [];
      }),
    );
  }

  /** What a gateway's cloud tells it from now on, all of it. */
  async tell(gateway: number, metadata: Readonly<Record<string, string>>): Promise<void> {
    const { name, zone } = this.#gateway(gateway);
    await this.#gateway(gateway).tell({ uuid: name, name, availability_zone: zone, meta: metadata });
  }

  /** The network namespace of a room, by its name on this machine: `router`, `gateway-1`. */
  room(name: string): string {
    return this.#bed.network.name(name);
  }

  async forwarder(gateway: number, state: 'start' | 'stop'): Promise<void> {
    await this.#gateway(gateway).must(['systemctl', state, 'unbound']);
  }

  /** Both sides speak BFD, or no longer: the gateways follow their metadata in place. */
  async speakBfd(on: boolean): Promise<void> {
    const { awsAsn, tunnels } = this.#bed.settings;
    const lines = tunnels.map(
      ({ gatewayAddress }) => `${on ? '' : 'no '}neighbor ${gatewayAddress} bfd${on ? ' profile fast' : ''}`,
    );
    const all = ['configure terminal', `router bgp ${awsAsn}`, ...lines].flatMap((line) => ['-c', line]);
    await this.#bed.aws.must(['vtysh', ...all]);
    await this.#bed.tell({ 'link-gateway.bfd': on ? 'fast' : '' });
    if (!on) return;
    await until('BFD is up', async () => {
      const said = await this.#bed.aws.must(['vtysh', '-c', 'show bfd peers brief json']);
      const peers = JSON.parse(said) as readonly { status: string }[];
      return peers.filter(({ status }) => status === 'up').length >= tunnels.length;
    });
  }

  async #nft(input: string): Promise<void> {
    await this.#bed.aws.must(['nft', '-f', '-'], { input });
  }

  #gateway(gateway: number) {
    const [first, second] = this.#bed.gateways;
    return gateway === 1 ? first : second;
  }

  #tunnel(end: string): BedTunnel {
    const found = this.#bed.settings.tunnels.find((tunnel) => endOf(tunnel) === end);
    if (found === undefined) throw new RangeError(`there is no tunnel ${end}`);
    return found;
  }
}
