import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { cidr, count, fqdn, ipv4, port } from '../../config/schema/common.ts';

export const unboundSettings = z.strictObject({
  authoritative: z
    .array(
      z.strictObject({
        zone: fqdn.describe('Zone.'),
        servers: z.array(tierReference()).min(1).describe('Tiers that answer for it.'),
      }),
    )
    .default([])
    .describe('Zones of authoritative servers in this lease.'),
  consul: tierReference()
    .optional()
    .describe("Tier that runs Consul's servers: names below `consul` are asked of them. Default: nobody."),
  cloudNameServers: z
    .array(z.strictObject({ address: ipv4.describe('Address.'), port: port.default(53).describe('Port.') }))
    .optional()
    .describe(
      "Servers of the cloud's zone, in which Designate keeps every lease. Default: the cloud's `dns.nameServers`; where it tells none, they are found from the root, as any other name.",
    ),
  forwarders: z
    .array(ipv4)
    .default([])
    .describe('Resolvers that are asked for all other names. Default: none, they are found from the root.'),
  allow: z
    .array(cidr)
    .default(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'])
    .describe('Who is answered. Ports are open to `clients` alone.'),
  cacheMiB: count(4, 16_384).default(64).describe('Cache, in MiB.'),
});

export type UnboundSettings = z.output<typeof unboundSettings>;
