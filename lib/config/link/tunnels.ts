import { Cidr } from '../../net/cidr.ts';
import { GATEWAYS, type Link, MOST_CONSUL_SERVERS } from '../schema/link.ts';

/** AWS makes two for each connection, in zones of their own. */
export const TUNNELS_PER_GATEWAY = 2;

/** Ranges in 169.254.0.0/16 that AWS keeps (Amazon EC2 API, VpnTunnelOptionsSpecification). */
export const RESERVED_INSIDE: readonly string[] = [
  '169.254.0.0/30',
  '169.254.1.0/30',
  '169.254.2.0/30',
  '169.254.3.0/30',
  '169.254.4.0/30',
  '169.254.5.0/30',
  '169.254.169.252/30',
];

/** One tunnel between a gateway and an end point of AWS. */
export interface Tunnel {
  /** `1-2`: of gateway 1, the second one. Stable: it is part of names on both sides. */
  readonly id: string;
  /** Gateway, 1 or 2. */
  readonly gateway: number;
  /** Which of the gateway's, 1 or 2: in the order of AWS's tunnel options. */
  readonly index: number;
  /** Inside range, a /30. */
  readonly inside: string;
  /** Inside address of AWS, the first; BGP speaks with it. */
  readonly awsAddress: string;
  /** Inside address of the gateway, the second (AWS Site-to-Site VPN user guide, "Tunnel options"). */
  readonly gatewayAddress: string;
  /** Name of its pre-shared key in the secret store. */
  readonly keyName: string;
}

/** The four tunnels of a link, in the order of gateways. Pure: the same for both sides. */
export function tunnelsOf(name: string, { tunnels }: Pick<Link, 'tunnels'>): readonly Tunnel[] {
  const ranges = Cidr.parse(tunnels.inside).subnets(30);
  return Array.from({ length: GATEWAYS * TUNNELS_PER_GATEWAY }, (_, at) => {
    const [gateway, index] = [Math.floor(at / TUNNELS_PER_GATEWAY) + 1, (at % TUNNELS_PER_GATEWAY) + 1];
    const inside = ranges[at];
    if (inside === undefined) throw new RangeError(`${tunnels.inside} has no room for four tunnels`);
    return {
      id: `${gateway}-${index}`,
      gateway,
      index,
      inside: inside.toString(),
      awsAddress: inside.address(1),
      gatewayAddress: inside.address(2),
      keyName: `link/${name}/tunnel-${gateway}-${index}`,
    };
  });
}

/** Addresses in the network between gateways and tenants. */
export interface LinkNetwork {
  /** Of the router that the networks of dev environments are joined by. */
  readonly router: string;
  /** Of gateway 1 and 2. */
  readonly gateways: readonly string[];
  /** The one that whichever gateway is well has, and that traffic is sent to. */
  readonly vip: string;
  /**
   * One for each tunnel, by its id, which the gateway tells AWS of through that tunnel alone: what is sent from it comes back the same way.
   * No port of the network has it.
   */
  readonly probes: Readonly<Record<string, string>>;
  /** Kept for Consul's servers whether there are any or not, so that to ask for them later changes nothing that is there. */
  readonly consul: readonly string[];
}

/** In the network of a link, after what it always has. */
const FIRST = { probe: 5, consul: 9 } as const;

export function linkNetworkOf({ network }: Pick<Link, 'network'>): LinkNetwork {
  const range = Cidr.parse(network);
  const probes = ['1-1', '1-2', '2-1', '2-2'].map((id, at) => [id, range.address(FIRST.probe + at)] as const);
  return {
    router: range.address(1),
    gateways: [range.address(2), range.address(3)],
    vip: range.address(4),
    probes: Object.fromEntries(probes),
    consul: Array.from({ length: MOST_CONSUL_SERVERS }, (_, at) => range.address(FIRST.consul + at)),
  };
}
