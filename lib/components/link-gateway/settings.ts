import { z } from 'zod';
import { cidr, count, fqdn, ipv4 } from '../../config/schema/common.ts';

/**
 * What both gateways of a link are told, derived from its configuration: nobody writes it. All of it reaches the gateways as metadata,
 * so that none of it replaces a server.
 */
export const linkGatewaySettings = z.strictObject({
  asn: z.int().describe('Autonomous system of the cloud.'),
  awsAsn: z.int().describe('Autonomous system of AWS.'),
  network: cidr.describe('Network between the gateways and the router.'),
  router: ipv4.describe('Router to the networks of dev environments.'),
  vip: ipv4.describe('Address that whichever gateway is well has.'),
  told: z.array(cidr).describe('Ranges that AWS is told of.'),
  halves: z.array(cidr).describe('Their halves.'),
  environment: cidr.describe('Range that routes of AWS may lie in.'),
  mtu: count(1280, 1446).describe('Largest packet inside a tunnel, in bytes.'),
  segment: count(1240, 1406).describe('Largest segment of TCP through a tunnel, in bytes.'),
  keepaliveSeconds: count(1, 20).describe('Between two keepalives of BGP.'),
  holdSeconds: count(3, 60).describe('Without a keepalive until a session is given up.'),
  probeSeconds: z.number().describe('Between two probes through a tunnel.'),
  probeFailures: count(2, 10).describe('Lost probes of twice as many until a tunnel is left.'),
  bfd: z.boolean().describe('Whether AWS, or what stands for it, speaks BFD.'),
  environmentZone: fqdn.optional().describe('Zone that AWS resolves. Default: none.'),
  operators: z.array(cidr).describe('Ranges outside that people log in from.'),
  cloudZone: fqdn.optional().describe('Zone that the cloud resolves. Default: none.'),
  nameServers: z.array(ipv4).describe('Name servers of that zone.'),
  consul: z.array(ipv4).describe("Consul's servers, which answer its names."),
});

export type LinkGatewaySettings = z.output<typeof linkGatewaySettings>;
