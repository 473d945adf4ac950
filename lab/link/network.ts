import type { Place } from '../servers/place.ts';
import { must } from '../servers/run.ts';
import { type BedSettings, FLOATING, outsideOf } from './settings.ts';

/** Network namespaces of the drill, each by a number of its place. */
const ROOMS = ['gateway-1', 'gateway-2', 'aws', 'internet', 'link', 'router', 'tenant', 'vpc'] as const;
const OUTSIDE = ['11', '12', '21', '22'] as const;

export const SIDES = ['cloud', 'environment'] as const;
/** Of a link. */
export type Side = (typeof SIDES)[number];

/** Anything has an interface to the internet by itself: the address of nobody is its next hop. */
const NEXT_HOP = '100.127.0.1';

export class BedNetwork {
  readonly #place: Place;
  readonly #settings: BedSettings;
  readonly #rooms: readonly string[];

  constructor(place: Place, settings: BedSettings) {
    this.#place = place;
    this.#settings = settings;
    const consul = SIDES.flatMap(
      (side) => settings.discovery?.[side].servers.map((_, at) => `${side}-${at + 1}`) ?? [],
    );
    this.#rooms = [...ROOMS, ...OUTSIDE.flatMap((end) => [`outer-${end}`, `end-${end}`]), ...consul];
  }

  /** The namespace of a room, of an end (`outer-11` of gateway 1's first tunnel, `end-11` of AWS's), or of a server of Consul: `cloud-1`. */
  name(room: string): string {
    return this.#place.namespace(this.numberOf(room));
  }

  numberOf(room: string): number {
    return this.#rooms.indexOf(room);
  }

  /** All of it, before any server is there. Gateways and AWS's host are joined to it as they are made. */
  async make(): Promise<void> {
    const rooms = this.#rooms;
    await this.#do([
      ...rooms.flatMap((room) => [`ip netns add ${this.name(room)}`, `ip -n ${this.name(room)} link set lo up`]),
      ...rooms.map((room) => `ip netns exec ${this.name(room)} sh -c '${FORWARDING}'`),
      ...this.#near(),
      ...this.#far(),
      ...this.#consul(),
      ...this.#outside(),
    ]);
  }

  /** Router and tenants of the cloud. The gateways' bridge is their link network. */
  #near(): string[] {
    const { network, router, pool, poolRouter, tenant, nameServer, vip, vpc, gateways } = this.#settings;
    const [length, poolLength] = [network.split('/')[1], pool.split('/')[1]];
    return [
      ...this.#bridge('link', 'lan'),
      ...gateways.flatMap(({ address }, at) => [
        ...this.#plug(`gateway-${at + 1}`, 'eth0', `${address}/${length}`, 'link', 'lan', `gw${at + 1}`),
        `ip -n ${this.name(`gateway-${at + 1}`)} address add 169.254.169.254/32 dev lo`,
        `ip -n ${this.name(`gateway-${at + 1}`)} route add default via ${router}`,
      ]),
      ...this.#plug('router', 'lan', `${router}/${length}`, 'link', 'lan', 'router'),
      ...this.#pair('router', 'pool', `${poolRouter}/${poolLength}`, 'tenant', 'eth0', `${tenant}/${poolLength}`),
      `ip -n ${this.name('tenant')} address add ${nameServer}/32 dev eth0`,
      `ip -n ${this.name('tenant')} route add default via ${poolRouter}`,
      `ip -n ${this.name('router')} route add ${vpc} via ${vip}`,
      `ip -n ${this.name('router')} route replace ${nameServer}/32 dev pool`,
    ];
  }

  #far(): string[] {
    const { vpc, vpcRouter, vpcHost, resolvers } = this.#settings;
    const length = vpc.split('/')[1];
    return [
      `ip -n ${this.name('aws')} address add 169.254.169.254/32 dev lo`,
      ...this.#bridge('aws', 'vpc'),
      `ip -n ${this.name('aws')} address add ${vpcRouter}/${length} dev vpc`,
      ...this.#plug('vpc', 'eth0', `${vpcHost}/${length}`, 'aws', 'vpc', 'host'),
      ...resolvers.map((each) => `ip -n ${this.name('vpc')} address add ${each}/32 dev eth0`),
      `ip -n ${this.name('vpc')} route add default via ${vpcRouter}`,
    ];
  }

  /** Servers of Consul, in the link's network and in the VPC, each with the router there as its way out. */
  #consul(): string[] {
    const { discovery, network, router, vpc, vpcRouter } = this.#settings;
    const sides = [
      ['cloud', network, 'link', 'lan', router],
      ['environment', vpc, 'aws', 'vpc', vpcRouter],
    ] as const;
    return sides.flatMap(([side, range, room, bridge, way]) =>
      (discovery?.[side].servers ?? []).flatMap(({ address }, at) => {
        const own = `${side}-${at + 1}`;
        return [
          ...this.#plug(own, 'eth0', `${address}/${range.split('/')[1]}`, room, bridge, `consul${at + 1}`),
          `ip -n ${this.name(own)} address add 169.254.169.254/32 dev lo`,
          `ip -n ${this.name(own)} route add default via ${way}`,
        ];
      }),
    );
  }

  /** Takes a server of Consul off the network, or puts it back. */
  async setConsul(side: Side, server: number, state: 'up' | 'down'): Promise<void> {
    const room = side === 'cloud' ? 'link' : 'aws';
    await this.#do([`ip -n ${this.name(room)} link set consul${server} ${state}`]);
  }

  /** Each end has a way of its own to the internet, which translates the gateways' addresses to their floating ones. */
  #outside(): string[] {
    const internet = this.name('internet');
    return OUTSIDE.flatMap((end) => {
      const [gateway, index] = [Number(end[0]), Number(end[1])];
      const near = this.#settings.gateways[gateway - 1]?.address ?? '';
      const far = outsideOf(gateway, index);
      const lonely = `ip -n ${internet} address add ${NEXT_HOP}/32 dev`;
      return [
        ...this.#pair(`outer-${end}`, 'wan', `${near}/32`, 'internet', `o${end}`),
        ...this.#pair(`end-${end}`, 'wan', `${far}/32`, 'internet', `e${end}`),
        ...['outer', 'end'].map(
          (kind) => `ip -n ${this.name(`${kind}-${end}`)} route add default via ${NEXT_HOP} dev wan onlink`,
        ),
        `${lonely} o${end}`,
        `${lonely} e${end}`,
        `ip -n ${internet} route add ${far} dev e${end}`,
        // Both tunnels of a gateway have its address: which of them is meant, the end point's says.
        `ip -n ${internet} route add ${near} dev o${end} table 1${end}`,
        `ip -n ${internet} rule add from ${far} lookup 1${end}`,
      ];
    });
  }

  /** A floating address stands for a gateway's, one to one, as Neutron's routers do it. */
  translation(): string {
    const pairs = this.#settings.gateways.map(({ address }, at) => [address, FLOATING[at] ?? ''] as const);
    return `table ip floating {
  chain in { type nat hook prerouting priority dstnat; ${pairs.map(([own, floating]) => `ip daddr ${floating} dnat to ${own}`).join('; ')}; }
  chain out { type nat hook postrouting priority srcnat; ${pairs.map(([own, floating]) => `ip saddr ${own} snat to ${floating}`).join('; ')}; }
}
`;
  }

  /** Takes an end off the network, or a gateway, with all its ends. */
  async set(what: 'gateway' | 'end', which: string, state: 'up' | 'down'): Promise<void> {
    const inside = [`ip -n ${this.name('internet')} link set`, `ip -n ${this.name('link')} link set`];
    await this.#do(
      what === 'end'
        ? [`${inside[0]} e${which} ${state}`]
        : [`${inside[1]} gw${which} ${state}`, `${inside[0]} o${which}1 ${state}`, `${inside[0]} o${which}2 ${state}`],
    );
    // The kernel took the routes away with the link.
    if (state === 'up') await this.#do(this.#routesBack(what, which));
  }

  /** Before a gateway has power again: its network is as after a boot, without what the one before it left in the kernel. */
  async restore(gateway: number): Promise<void> {
    const { router, network, gateways } = this.#settings;
    const own = `${gateways[gateway - 1]?.address ?? ''}/${network.split('/')[1] ?? ''}`;
    const name = this.name(`gateway-${gateway}`);
    await this.#do([
      ...['tun1', 'tun2'].map((tunnel) => `ip -n ${name} link delete ${tunnel} 2>/dev/null || true`),
      `ip -n ${name} address flush dev eth0 scope global`,
      `ip -n ${name} route flush table main`,
      `ip -n ${name} address add ${own} dev eth0`,
    ]);
    await this.set('gateway', String(gateway), 'up');
    await this.#do([
      `ip -n ${name} route replace default via ${router}`,
      ...['1', '2'].map(
        (index) =>
          `ip -n ${this.name(`outer-${gateway}${index}`)} route replace default via ${NEXT_HOP} dev wan onlink`,
      ),
    ]);
  }

  #routesBack(what: 'gateway' | 'end', which: string): string[] {
    const internet = this.name('internet');
    const ends = what === 'end' ? [which] : [`${which}1`, `${which}2`];
    return ends.map((end) =>
      what === 'end'
        ? `ip -n ${internet} route replace ${outsideOf(Number(end[0]), Number(end[1]))} dev e${end}`
        : `ip -n ${internet} route replace ${this.#settings.gateways[Number(end[0]) - 1]?.address ?? ''} dev o${end} table 1${end}`,
    );
  }

  #bridge(room: string, name: string): string[] {
    return [`ip -n ${this.name(room)} link add ${name} type bridge`, `ip -n ${this.name(room)} link set ${name} up`];
  }

  #pair(one: string, oneName: string, oneAddress: string, other: string, otherName: string, otherAddress?: string) {
    const [first, second] = [this.name(one), this.name(other)];
    return [
      `ip -n ${first} link add ${oneName} type veth peer name ${otherName} netns ${second}`,
      `ip -n ${first} address add ${oneAddress} dev ${oneName}`,
      ...(otherAddress === undefined ? [] : [`ip -n ${second} address add ${otherAddress} dev ${otherName}`]),
      `ip -n ${first} link set ${oneName} up`,
      `ip -n ${second} link set ${otherName} up`,
    ];
  }

  #plug(room: string, name: string, address: string, other: string, bridge: string, port: string): string[] {
    return [
      ...this.#pair(room, name, address, other, port),
      `ip -n ${this.name(other)} link set ${port} master ${bridge}`,
    ];
  }

  async #do(commands: readonly string[]): Promise<void> {
    await must(['sh', '-euc', commands.join('\n')]);
  }
}

const FORWARDING = [
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
  'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter',
  'echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter',
].join('; ');
