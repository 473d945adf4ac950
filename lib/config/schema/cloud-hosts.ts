import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { cidr, count, fqdn, ipv4, name, text } from './common.ts';

export const rack = z.strictObject({
  powerFeeds: z.array(name()).default([]).describe('Power feeds of the rack. Default: one of its own.'),
  switches: z.array(name()).default([]).describe('Switches of the rack. Default: one of its own.'),
  description: text().optional().describe('One line.'),
});

export const hardware = z.strictObject({
  vcpus: count(1, 1024).describe('Hardware threads.'),
  memoryGiB: count(1, 32_768).describe('Memory in GiB.'),
  diskGiB: count(1, 1_000_000).describe('Local disk for instances in GiB.'),
  reservedMemoryGiB: count(0, 4096).default(8).describe('Memory kept for the host itself in GiB.'),
});

/** As a group of Ansible's inventory takes it, and a file of its variables is called. */
const hostName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, {
  error: because('a host name has letters, digits, dots and hyphens', 'write one like control01 or node-1.example.org'),
});

export const interfaceName = z.string().regex(/^[a-z][a-z0-9._-]{0,14}$/, {
  error: because(
    'Linux names an interface in at most 15 lowercase letters, digits, dots, hyphens and underscores',
    'write one like bond0.100',
  ),
});

const ownInterface = (plane: string) => interfaceName.optional().describe(`On ${plane}.`);

export const host = z.strictObject({
  rack: name().describe('Rack of the group.'),
  roles: z
    .array(
      z.enum([
        'control',
        'database',
        'queue',
        'load-balancer',
        'network',
        'ovn',
        'compute',
        'storage',
        'monitoring',
        'deployment',
      ]),
    )
    .min(1)
    .describe('Roles of the hosts. `control` also runs the services of roles that have no hosts of their own.'),
  hardware: name().describe('Kind of host.'),
  count: count(1, 500).default(1).describe('Number of hosts.'),
  names: z
    .array(hostName)
    .min(1)
    .optional()
    .describe('Name of each host, as many as `count`. Default: that of the group with a number, `compute-a-1`.'),
  firstAddress: ipv4.describe(
    'Address of the first host on the internal plane; the others follow it, and other planes use the same offset.',
  ),
  interfaces: z
    .strictObject({
      internal: ownInterface('the internal plane'),
      external: ownInterface('the external plane'),
      tunnel: ownInterface('the tunnel plane'),
      storage: ownInterface('the storage plane'),
      storageCluster: ownInterface('the storage cluster plane'),
    })
    .prefault({})
    .describe(
      "Interfaces of these hosts that are others than the planes'. A plane on the interface of the internal one is no network of its own for them: they have their internal address there, and a router must lead from one to the other. Default: those of the planes.",
    ),
  providerInterfaces: z
    .record(name(), interfaceName)
    .default({})
    .describe("Interfaces of these hosts that carry physical networks, where they are others than the cloud's."),
  switches: z
    .array(name())
    .default([])
    .describe(
      "Switches of the rack that these hosts are connected to. One alone: they are cut off with it, whatever the rack has besides. Default: all of the rack's.",
    ),
});

export const plane = z.strictObject({
  cidr: cidr.describe('Addresses of the plane.'),
  vlan: count(1, 4094).optional().describe('VLAN id. Default: untagged.'),
  mtu: count(1280, 9216).default(1500).describe('MTU in bytes.'),
  interface: interfaceName.describe('Interface of the hosts on this plane.'),
});

/** A certificate's name covers a host name: the same, or with a star for its first label. */
const certificateName = z
  .string()
  .regex(/^(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
    error: because('it is not a name that a certificate can have', 'write one like cloud.example.org or *.example.org'),
  });

const certificate = z.strictObject({
  names: z.array(certificateName).min(1).describe('Subject alternative names that it carries.'),
});

const vip = z.strictObject({
  address: ipv4.describe('The virtual IP address, inside its plane and assigned to no host.'),
  fqdn: fqdn.describe('The name that certificates and catalogues carry.'),
});

export const vips = z.strictObject({
  internal: vip.describe('On the internal plane.'),
  external: vip.optional().describe('On the external plane. Default: the internal one serves both.'),
  routerId: count(1, 255).describe('VRRP router id, unique on its network segment.'),
  tls: z
    .strictObject({
      internal: z.boolean().default(true).describe('TLS on the internal VIP.'),
      external: z.boolean().default(true).describe('TLS on the external VIP.'),
      certificates: z
        .strictObject({
          internal: certificate.optional().describe('Of the internal VIP. Default: one with its FQDN alone.'),
          external: certificate.optional().describe('Of the external VIP. Default: one with its FQDN alone.'),
        })
        .prefault({})
        .describe('Names of the certificates of the VIPs; their files are not part of the configuration.'),
    })
    .prefault({})
    .describe('TLS of the API.'),
});
