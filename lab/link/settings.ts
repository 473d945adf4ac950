/** One tunnel, as both sides know it. */
export interface BedTunnel {
  /** Gateway, 1 or 2, and which of its tunnels, 1 or 2. */
  readonly gateway: number;
  readonly index: number;
  /** Inside addresses, in a /30. */
  readonly awsAddress: string;
  readonly gatewayAddress: string;
  /** Pre-shared key. */
  readonly key: string;
}

/** One gateway, as the link renders it. */
export interface BedGateway {
  readonly name: string;
  readonly address: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A server of Consul, as a cloud makes it. */
export interface BedConsulServer {
  readonly name: string;
  readonly address: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The servers of one side. */
export interface BedDatacenter {
  readonly name: string;
  readonly userData: string;
  readonly servers: readonly BedConsulServer[];
  /** What each of them gets as a boot token would bring it: by component, by name. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The two data centres of a link. */
export interface BedDiscovery {
  /** Installs a server of Consul. */
  readonly installScript: string;
  /** Its program: the version, and where servers have it. */
  readonly program: { readonly version: string; readonly path: string };
  /** On the link's network, and in the VPC. */
  readonly cloud: BedDatacenter;
  readonly environment: BedDatacenter;
}

/** A link to try out: what its own renderers made, and what the far side has to know. */
export interface BedSettings {
  /** Installs the software of a gateway. */
  readonly installScript: string;
  readonly userData: string;
  /** The first, and the second. */
  readonly gateways: readonly [BedGateway, BedGateway];
  readonly tunnels: readonly BedTunnel[];
  /** Network between gateways and router, their shared address in it, and the router's. */
  readonly network: string;
  readonly router: string;
  readonly vip: string;
  readonly asn: number;
  readonly awsAsn: number;
  /** Range of the VPC, and addresses in it: of its router, of a server, and of Route 53's resolver. */
  readonly vpc: string;
  readonly vpcRouter: string;
  readonly vpcHost: string;
  readonly resolvers: readonly string[];
  /** A pool of tenants, and addresses in it: of its router, of a server, and of Designate's name server. */
  readonly pool: string;
  readonly poolRouter: string;
  readonly tenant: string;
  readonly nameServer: string;
  /** Zones of the environment and of the cloud; empty where the link does not forward them. */
  readonly environmentZone: string;
  readonly cloudZone: string;
  readonly mtu: number;
  /** Whether the imitation of AWS speaks BFD, which AWS does not. */
  readonly bfd: boolean;
  /** Timers that AWS's end of a session proposes, in seconds; the lower hold time of both counts. */
  readonly keepaliveSeconds: number;
  readonly holdSeconds: number;
  /** @default - no Consul */
  readonly discovery?: BedDiscovery;
}

/** Addresses outside, of the documentation's ranges (RFC 5737): of the gateways, and of AWS's end points by gateway and index. */
export const FLOATING = ['203.0.113.1', '203.0.113.2'] as const;

export function outsideOf(gateway: number, index: number): string {
  return `198.51.100.${gateway}${index}`;
}

export function endOf({ gateway, index }: Pick<BedTunnel, 'gateway' | 'index'>): string {
  return `${gateway}${index}`;
}
