import { installScript } from '../../bring-up/install.ts';
import { bringUpMetadata } from '../../bring-up/metadata.ts';
import { bringUpUserData } from '../../bring-up/user-data.ts';
import {
  GATEWAY_TIER,
  gatewayServerName,
  linkGatewayMetadata,
  linkGatewaySoftware,
} from '../../components/link-gateway/software.ts';
import { linkPrefixes } from '../../config/link/prefixes.ts';
import { linkNetworkOf, tunnelsOf } from '../../config/link/tunnels.ts';
import { Cidr } from '../../net/cidr.ts';
import type { LinkAndSides } from '../choose.ts';
import { discoverySettings } from './discovery-settings.ts';

/** Addresses outside that whoever tries the link out has chosen. */
export interface Outside {
  readonly floating: readonly [string, string];
  readonly outsideOf: (gateway: number, index: number) => string;
}

/** Hosts of AWS's side by their number in the range of the VPC: router, server, the two of Route 53's resolver, Consul's servers. */
const VPC = { router: 1, host: 10, resolvers: [20, 21], consul: [31, 32, 33, 34, 35] } as const;
const POOL = { router: 1, tenant: 10, nameServer: 53 } as const;
/** AWS's own proposal: the keepalive of 10 s and hold time of 30 s that it has by default (lab/link/SPEC.md). */
const AWS_TIMERS = { keepaliveSeconds: 10, holdSeconds: 30 } as const;

/** What `lab/link` brings up: the gateways as the link renders them, and what the far side has to know. Pure but for keys. */
export async function bedSettings(chosen: LinkAndSides, outside: Outside, makeKey: () => string) {
  const { link, cloud, environment } = chosen;
  const software = linkGatewaySoftware(link, cloud, environment);
  const { router, gateways, vip } = linkNetworkOf(link.value);
  const tunnels = tunnelsOf(link.name, link.value).map((tunnel) => ({ ...tunnel, key: makeKey() }));
  const { cluster } = environment.value;
  const vpc = Cidr.parse(cluster.network.cidr);
  // The first one is the link's own.
  const pool = Cidr.parse(linkPrefixes(link.value, cloud.value, environment.value).cloud[1] ?? link.value.network);
  const discovery = await discoverySettings(
    chosen,
    VPC.consul.map((at) => vpc.address(at)),
  );
  const resolvers = link.value.names === undefined ? [] : VPC.resolvers.map((at) => vpc.address(at));
  const servers = gateways.map((address, at) => ({ name: gatewayServerName(link.name, at + 1), address }));
  const gateway = (index: 1 | 2) => {
    const { name = '', address = '' } = servers[index - 1] ?? {};
    const given = {
      address: outside.floating[index - 1] ?? '',
      tunnelAddresses: [outside.outsideOf(index, 1), outside.outsideOf(index, 2)] as const,
      resolverAddresses: resolvers,
    };
    const facts = { index, name, volumes: {}, servers: { [GATEWAY_TIER]: servers } };
    return {
      name,
      address,
      metadata: { ...bringUpMetadata(software, facts), ...linkGatewayMetadata(link, index, given) },
    };
  };
  return {
    installScript: installScript(software.runs.map(({ component }) => component)),
    userData: bringUpUserData(software),
    gateways: [gateway(1), gateway(2)] as const,
    tunnels,
    ...{ network: link.value.network, router, vip },
    ...{ asn: link.value.asn, awsAsn: link.value.aws.asn },
    vpc: vpc.toString(),
    vpcRouter: vpc.address(VPC.router),
    vpcHost: vpc.address(VPC.host),
    resolvers,
    pool: pool.toString(),
    poolRouter: pool.address(POOL.router),
    tenant: pool.address(POOL.tenant),
    nameServer: cloud.value.dns.nameServers[0] ?? pool.address(POOL.nameServer),
    environmentZone: link.value.names?.zone ?? '',
    // Nobody forwards it where the cloud tells no name servers.
    cloudZone: cloud.value.dns.nameServers.length === 0 ? '' : cloud.value.dns.zone,
    mtu: link.value.tunnels.mtu,
    bfd: link.value.tunnels.timers.bfd,
    ...AWS_TIMERS,
    ...(discovery === undefined ? {} : { discovery }),
  };
}
