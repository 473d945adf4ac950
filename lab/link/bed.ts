import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { consulProgram } from '../servers/consul-program.ts';
import { type Place, takePlace } from '../servers/place.ts';
import { installedRoot } from '../servers/roots.ts';
import { FormedServer } from '../servers/server.ts';
import { adaptedInstall, IMAGE_FILES } from './adaptations.ts';
import { ConsulServers } from './consul.ts';
import { endPointSettings, NAME, nameServerSettings, vpcGatewaySettings } from './far-side.ts';
import { firstBoot, giveSecret } from './first-boot.ts';
import { BedNetwork } from './network.ts';
import { type BedDiscovery, type BedSettings, type BedTunnel, endOf } from './settings.ts';

/** Port of `peer.py` in the VPC; bulk transfers are on the next one. */
export const PEER_PORT = 7000;
/** Units of the gateways that AWS's host has no use for. */
const NOT_THERE = ['strongswan', 'keepalived', 'unbound', 'tandem-link', 'tandem-link-probe'];

/** Nothing in the VPC has a route to the tunnels' inside addresses, nor they to it. */
const INSIDE_STAYS_INSIDE = `table ip inside {
  chain forward { type filter hook forward priority filter; ip saddr 169.254.0.0/16 drop; ip daddr 169.254.0.0/16 drop; }
}
`;

/** Two gateways that run what a link renders, an imitation of AWS, and the networks around them, on this machine. */
export class LinkBed {
  readonly settings: BedSettings;
  readonly network: BedNetwork;
  readonly gateways: readonly [FormedServer, FormedServer];
  /** Everything on the far side, and the programs that clients run: each in a network of its own. */
  readonly aws: FormedServer;
  /** Where the link has discovery. */
  readonly consul: ConsulServers | undefined;
  readonly #place: Place;

  /** @throws TandemError `lab-timeout` where the link does not come up */
  static async up(settings: BedSettings): Promise<LinkBed> {
    const lower = await installedRoot(adaptedInstall(settings.installScript), IMAGE_FILES);
    const consul = settings.discovery === undefined ? undefined : await consulRoot(settings.discovery);
    const bed = new LinkBed(settings, await takePlace(), lower, consul);
    try {
      await bed.#up();
    } catch (error) {
      await bed.down();
      throw error;
    }
    return bed;
  }

  private constructor(settings: BedSettings, place: Place, lower: string, consul: string | undefined) {
    this.settings = settings;
    this.#place = place;
    this.network = new BedNetwork(place, settings);
    const ends = (of: string) => settings.tunnels.map(endOf).filter((end) => end.startsWith(of));
    const plan = { zone: 'nova', lower, volumes: {}, connect: async () => Promise.resolve() };
    const gateway = (at: 0 | 1) =>
      new FormedServer(place, {
        ...plan,
        name: settings.gateways[at].name,
        tier: 'gateway',
        index: at + 1,
        at,
        address: settings.gateways[at].address,
        begun: async (server) =>
          this.#attach(
            server,
            ends(String(at + 1)).map((end) => `outer-${end}`),
          ),
      });
    this.gateways = [gateway(0), gateway(1)];
    this.aws = new FormedServer(place, {
      ...plan,
      name: 'aws',
      tier: 'aws',
      index: 1,
      at: 2,
      address: settings.vpcRouter,
    });
    const { discovery, tenant, vpcHost } = settings;
    if (discovery !== undefined && consul !== undefined)
      this.consul = new ConsulServers({
        ...{ place, network: this.network, settings: discovery, lower: consul },
        hosts: { cloud: tenant, environment: vpcHost },
      });
  }

  async #up(): Promise<void> {
    await this.network.make();
    const gateways = this.gateways.map(async (gateway) => this.#gateway(gateway));
    await Promise.all([this.#aws(), ...gateways, this.consul?.up()]);
  }

  /** The timer goes more often, and its tunnels end in networks of their own. */
  async #gateway(gateway: FormedServer): Promise<void> {
    const { metadata } = this.settings.gateways[gateway.index - 1] ?? { metadata: {} };
    const ends = this.#ends(gateway.index).map(({ index, ...tunnel }) => ({
      name: String(index),
      netns: `outer-${endOf({ index, ...tunnel })}`,
      interface: `tun${index}`,
    }));
    const quick = [
      'mkdir -p /etc/systemd/system/tandem-bring-up.timer.d /etc/tandem-lab',
      `printf '[Timer]\\nOnCalendar=\\nOnCalendar=*:*:0/5\\n' >/etc/systemd/system/tandem-bring-up.timer.d/quick.conf`,
      'cat >/etc/tandem-lab/ends.json',
    ];
    await firstBoot(gateway, {
      metadata,
      userData: this.settings.userData,
      secrets: {
        'link-gateway': Object.fromEntries(
          this.#ends(gateway.index).map(({ index, key }) => [`tunnel-${index}`, key] as const),
        ),
      },
      before: async () => {
        await gateway.must(['sh', '-euc', quick.join('\n')], { input: JSON.stringify(ends) });
      },
    });
  }

  /** Into the store of the gateway, as a boot token would. */
  async giveKey(gateway: FormedServer, index: number, key: string): Promise<void> {
    await giveSecret(gateway, `link-gateway/tunnel-${index}`, key);
  }

  #ends(gateway: number): readonly BedTunnel[] {
    return this.settings.tunnels.filter((tunnel) => tunnel.gateway === gateway);
  }

  /** Networks of this machine by their names, for programs on a server. */
  async #attach(server: FormedServer, rooms: readonly string[]): Promise<void> {
    for (const room of rooms) {
      const script = `mkdir -p /run/netns; touch /run/netns/${room}; mount --bind /proc/self/ns/net /run/netns/${room}`;
      await server.must(['sh', '-euc', script], { network: this.network.name(room) });
    }
  }

  async #aws(): Promise<void> {
    const { tunnels, mtu, vpcHost, resolvers, gateways, nameServer, tenant, environmentZone, cloudZone } =
      this.settings;
    const { discovery } = this.settings;
    const units = join(this.#place.folder, 'aws/upper/etc/systemd/system');
    await this.aws.make();
    mkdirSync(units, { recursive: true });
    for (const unit of NOT_THERE) symlinkSync('/dev/null', join(units, `${unit}.service`));
    await this.aws.boot();
    await this.#attach(this.aws, ['vpc', 'tenant', ...tunnels.map((tunnel) => `end-${endOf(tunnel)}`)]);
    const ends = tunnels.map((tunnel) => {
      const end = endOf(tunnel);
      const then = [`ip address add ${tunnel.awsAddress}/30 dev ep${end} && ip link set ep${end} mtu ${mtu} up`];
      return { name: end, netns: `end-${end}`, interface: `ep${end}`, then };
    });
    await this.write('/etc/tandem-lab/ends.json', JSON.stringify(ends));
    await this.aws.must(['nft', '-f', '-'], {
      network: this.network.name('internet'),
      input: this.network.translation(),
    });
    await this.write(
      '/etc/frr/daemons',
      'bgpd=yes\nbfdd=yes\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1"\nbgpd_options="-A 127.0.0.1"\n',
    );
    await this.write('/etc/frr/frr.conf', vpcGatewaySettings(this.settings));
    await this.aws.must(['systemctl', 'restart', 'frr']);
    await this.aws.must(['nft', '-f', '-'], { input: INSIDE_STAYS_INSIDE });
    for (const tunnel of tunnels) await this.startEnd(tunnel);
    await this.write(
      '/etc/tandem-lab/vpc.conf',
      nameServerSettings({
        addresses: resolvers,
        zone: environmentZone,
        host: vpcHost,
        forward: {
          zones: [cloudZone, discovery === undefined ? '' : 'consul'].filter((zone) => zone !== ''),
          to: gateways.map(({ address }) => address),
        },
      }),
    );
    await this.write(
      '/etc/tandem-lab/tenant.conf',
      nameServerSettings({ addresses: [nameServer], zone: cloudZone, host: tenant }),
    );
    for (const room of ['vpc', 'tenant']) {
      await this.background(`names-${room}`, room, ['unbound', '-c', `/etc/tandem-lab/${room}.conf`]);
      await this.background(`peer-${room}`, room, ['python3', '/usr/share/tandem-lab/peer.py', String(PEER_PORT)]);
    }
  }

  /** An end point of AWS, begun or begun anew, with its key. */
  async startEnd(tunnel: BedTunnel): Promise<void> {
    const end = endOf(tunnel);
    await this.write(`/etc/tandem-lab/${end}.conf`, endPointSettings(tunnel));
    const unit = [`--unit=end-${end}`, '--property=Type=notify'];
    await this.aws.must(['systemd-run', '--quiet', '--collect', ...unit, '/usr/sbin/charon-systemd', end]);
    const where = ['--file', `/etc/tandem-lab/${end}.conf`, '--uri', `unix:///run/tandem-lab/charon-${end}.vici`];
    await this.aws.must(['/usr/lib/tandem-lab/swanctl', '--load-all', ...where]);
  }

  /** A program of the far host that goes on, in a room's network. */
  async background(unit: string, room: string, command: readonly string[]): Promise<void> {
    const [program = '', ...rest] = command;
    const where = `--property=NetworkNamespacePath=/run/netns/${room}`;
    const path = (await this.aws.must(['which', program])).trim();
    await this.aws.must(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, where, path, ...rest]);
  }

  async write(path: string, content: string): Promise<void> {
    await this.aws.must(['sh', '-euc', `mkdir -p $(dirname ${path}); cat >${path}`], { input: content });
  }

  /** Other metadata of both gateways, which they follow in place. */
  async tell(entries: Readonly<Record<string, string>>): Promise<void> {
    for (const gateway of this.gateways) {
      const { name, zone, index } = gateway;
      const meta = { ...this.settings.gateways[index - 1]?.metadata, ...entries };
      await gateway.tell({ uuid: name, name, availability_zone: zone, meta });
      await gateway.must(['systemctl', 'start', 'tandem-bring-up.service']);
    }
  }

  async down(): Promise<void> {
    await Promise.all([...this.gateways, this.aws, ...(this.consul?.all ?? [])].map(async (server) => server.end()));
    await this.#place.free();
  }
}

async function consulRoot({ program, installScript }: BedDiscovery): Promise<string> {
  return installedRoot(installScript, await consulProgram(program.version, program.path));
}

/** The name that each zone has. */
export const drillName = (zone: string): string => `${NAME}.${zone}`;
