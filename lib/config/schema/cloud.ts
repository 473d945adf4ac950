import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { hardware, host, plane, rack, vips } from './cloud-hosts.ts';
import { kolla } from './cloud-kolla.ts';
import {
  cidr,
  count,
  email,
  fqdn,
  ipv4,
  label,
  name,
  named,
  path,
  secretReference,
  server,
  text,
  url,
} from './common.ts';

/** Part of commands, files and variables of every tool of the cloud. */
const region = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, {
  error: because(
    'a Region has letters, digits, dots, hyphens and underscores, at most 64 of them',
    'write one like RegionOne',
  ),
});

/** Cinder reads other characters as operators. */
const backendName = z.string().regex(/^[A-Za-z0-9][\w.@#-]{0,254}$/, {
  error: because(
    'a back end has letters, digits, dots, hyphens, underscores, @ and #',
    'write one like rbd-1 or storage-1@lvm',
  ),
});

const endpoint = z.strictObject({
  authUrl: url.describe('URL of Keystone, version 3.'),
  region: region.default('RegionOne').describe('OpenStack Region.'),
  cloudsYaml: label().describe("Name of the entry in the operator's clouds.yaml that holds the credentials."),
  clientConfig: path
    .optional()
    .describe(
      "clouds.yaml with that entry. Default: the operator's OS_CLIENT_CONFIG_FILE, or where OpenStack's clients look.",
    ),
  project: label().default('admin').describe('Project that the credentials must be scoped to; any other is refused.'),
  domain: label().default('Default').describe('Keystone domain in which projects are made.'),
});

const providerNetwork = z.strictObject({
  physicalNetwork: name().describe('Neutron physical network (physnet).'),
  type: z.enum(['flat', 'vlan']).describe('Network type.'),
  segment: count(1, 4094).optional().describe('VLAN id; only for `vlan`.'),
  cidr: cidr.describe('Addresses of its subnet.'),
  gateway: ipv4.describe('Router of the subnet, outside OpenStack.'),
  allocation: z
    .strictObject({
      first: ipv4.describe('First address that Neutron gives out.'),
      last: ipv4.describe('Last address that Neutron gives out.'),
      except: z
        .array(z.strictObject({ first: ipv4.describe('Its first address.'), last: ipv4.describe('Its last address.') }))
        .default([])
        .describe('Ranges between the two that others have: Neutron gives out those before, between and behind them.'),
    })
    .describe('Addresses that Neutron gives out; those outside it are for routers and the like.'),
  external: z.boolean().default(true).describe('Whether routers and floating addresses use it.'),
  nameServers: z.array(ipv4).default([]).describe('Resolvers of the subnet.'),
});

const tenantPool = z.strictObject({
  cidr: cidr.describe('Range that tenant networks are cut from.'),
  prefixLength: count(16, 28).default(24).describe('Prefix length of a tenant network.'),
});

const volumeType = z.strictObject({
  description: text().optional().describe('One line.'),
  encrypted: z
    .boolean()
    .default(false)
    .describe(
      'Whether Cinder encrypts its volumes, as its operators set it up; policies ask for such a type where the cloud has one.',
    ),
  backend: backendName.optional().describe('`volume_backend_name` that Cinder schedules to. Default: any.'),
});

const storage = z.strictObject({
  backend: z.enum(['ceph', 'lvm', 'nfs', 'fake']).describe('Storage back end of Glance, Cinder and Nova.'),
  replicas: count(1, 5).default(3).describe('Replicas that the back end keeps.'),
  failureDomain: z.enum(['host', 'rack']).default('rack').describe('Failure domain that two replicas never share.'),
  usableGiB: count(1, 100_000_000).describe('Usable capacity for volumes in GiB, after replication.'),
  monitors: z
    .array(name(40))
    .min(1)
    .optional()
    .describe(
      'Hosts of the Ceph monitors. Default: three storage hosts, five where there are five racks, one a rack first.',
    ),
  volumeTypes: named(volumeType).describe('Cinder volume types.'),
  defaultVolumeType: name()
    .optional()
    .describe('Type of volumes that name none. Default: the only one. CAUTION: another value replaces those volumes.'),
});

const image = z.strictObject({
  file: path.optional().describe('Local file, relative to the project or absolute. One of `file` and `url`.'),
  url: url.optional().describe('URL that Glance or the deployer downloads. One of `file` and `url`.'),
  format: z.enum(['qcow2', 'raw']).default('qcow2').describe('Disk format.'),
  user: name().default('debian').describe('Login of the image.'),
  minimumDiskGiB: count(0, 1000).default(0).describe('Smallest root disk in GiB.'),
  minimumMemoryMiB: count(0, 1_000_000).default(0).describe('Smallest memory in MiB.'),
});

const flavor = z.strictObject({
  vcpus: count(1, 512).describe('Virtual CPUs.'),
  memoryMiB: count(64, 16_000_000).describe('Memory in MiB.'),
  diskGiB: count(0, 100_000).describe('Root disk in GiB.'),
});

const bootSecrets = z.strictObject({
  service: z
    .enum(['barbican', 'vault'])
    .describe(
      "Who hands them out. `barbican`: the cloud's own, by an application credential of Keystone for one secret; its `keystone_authtoken` must say `service_type = key-manager`. `vault`: response wrapping of a Vault or OpenBao.",
    ),
  url: url.optional().describe('Where Vault or OpenBao answers servers and Tandem; for `vault` alone.'),
  token: secretReference
    .optional()
    .describe('Token that may wrap, as those of the policy `default` may. Default: VAULT_TOKEN of whoever deploys.'),
  minutes: count(1, 60)
    .default(15)
    .describe('How long a server may take to fetch them, in minutes; the next deploy offers them again.'),
});

const zone = z.strictObject({
  racks: z.array(name()).min(1).describe('Racks whose compute hosts are in this availability zone.'),
});

const overcommit = z.strictObject({
  vcpus: z.number().min(1).max(16).default(4).describe('CPU allocation ratio: virtual CPUs for each hardware thread.'),
  memory: z.number().min(1).max(2).default(1).describe('RAM allocation ratio.'),
});

const terraform = z.strictObject({
  cliConfig: path
    .optional()
    .describe(
      "Terraform CLI configuration for this cloud's stacks, e.g. one that names a mirror. Default: the operator's own.",
    ),
});

/** `hardware.compute.vcpus`: a path into this file. */
const openPath = z.string().regex(/^[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*){0,7}$/, {
  error: because('it is no path of a value in this file', 'write one like hardware.compute.vcpus'),
});

/** `config/clouds/<name>.yaml`: one OpenStack private cloud. */
export const cloudSchema = z.strictObject({
  open: named(text(300), openPath)
    .default({})
    .describe(
      'What is still to be found out: the path of a missing value, and the question. `tandem cloud import` writes it where a tree does not say.',
    ),
  description: text().optional().describe('One line.'),
  endpoint: endpoint.describe('API endpoint, and the credentials for it.'),
  layout: z
    .enum(['starter', 'converged', 'separated'])
    .describe(
      'How services are spread: one controller; three that carry all; or database, queue, load balancers, network and OVN on hosts of their own.',
    ),
  survives: z
    .enum(['host', 'rack'])
    .optional()
    .describe(
      'Largest loss after which everything still works and every leased server finds a host. `rack`: any one host, rack, power feed or switch. `host`: any one host, for clouds of one or two racks. CAUTION: with `host`, nothing is checked about racks, feeds and switches. Default: rack; a `starter` survives neither.',
    ),
  site: name()
    .optional()
    .describe(
      'Place whose switches carry its VLANs: one VLAN id in two clouds of a site is one network, and tenant pools of clouds at different sites may overlap. Default: the place of every cloud that names none.',
    ),
  racks: named(rack).describe('Racks.'),
  hardware: named(hardware).describe('Kinds of host.'),
  hosts: named(host).describe(
    'Groups of equal hosts. The hosts of `compute-a` are `compute-a-1`, `compute-a-2` and so on.',
  ),
  planes: z
    .strictObject({
      internal: plane.describe('Internal API.'),
      external: plane.optional().describe('Public API.'),
      tunnel: plane.optional().describe('Geneve tunnels between hosts.'),
      storage: plane.optional().describe('Storage clients.'),
      storageCluster: plane.optional().describe('Storage replication.'),
    })
    .describe('Networks of the hosts.'),
  sharedPlanes: z
    .array(z.array(z.enum(['internal', 'external', 'tunnel', 'storage', 'storageCluster'])).min(2))
    .default([])
    .describe(
      'Planes that are one network: each list names planes that may have the same range, VLAN and interface. VIPs of both are then in one subnet. CAUTION: what fills the network, a rebuild of storage or tenants, delays the heartbeats of quorums on it. Default: each is a network of its own.',
    ),
  vips: vips.optional().describe('Virtual addresses of the API. Default: none, for a single controller.'),
  zones: named(zone).describe('Availability zones.'),
  overcommit: overcommit.prefault({}).describe('Overcommit of vCPUs and memory.'),
  storage: storage.describe('Volumes and images.'),
  networks: named(providerNetwork).describe('Provider networks.'),
  externalNetwork: name()
    .optional()
    .describe(
      'External network that dev environments go out by, and have floating addresses of. Default: the only one.',
    ),
  tenants: named(tenantPool).describe('Pools that tenant networks are cut from.'),
  tenantMtu: count(1280, 9000).default(1442).describe('MTU of tenant networks in bytes.'),
  time: z
    .strictObject({
      sources: z
        .array(server)
        .default([])
        .describe('NTP servers of the hosts, by address or name. Four outvote a wrong one even while another is down.'),
    })
    .prefault({})
    .describe("The hosts' clocks."),
  resolvers: z
    .array(ipv4)
    .default([])
    .describe("The hosts' own resolvers, outside the cloud: it must come up before anything in it answers."),
  sources: named(z.array(cidr)).default({}).describe('Named ranges that rules may allow, such as `office`.'),
  dns: z
    .strictObject({
      zone: fqdn.describe('Zone under which every dev environment gets a zone of its own.'),
      email: email.describe('Contact in the SOA record.'),
      ttlSeconds: count(1, 86_400).default(300).describe('Time to live in seconds.'),
      nameServers: z.array(ipv4).default([]).describe('Addresses that serve the zone.'),
    })
    .describe('Designate.'),
  bootSecrets: bootSecrets
    .optional()
    .describe(
      'How leased servers get the secrets of what they run, once, at their boot. Default: not at all; blueprints whose components need secrets are refused.',
    ),
  mirrors: z
    .strictObject({
      maven: url.optional().describe('Java archives. Default: Maven Central.'),
      hashicorp: url.optional().describe('Consul. Default: HashiCorp.'),
      apache: url.optional().describe('Releases of Apache projects. Default: their archive.'),
      github: url.optional().describe('Releases on GitHub. Default: GitHub.'),
      npm: url.optional().describe('Packages of Node.js. Default: the public registry.'),
    })
    .optional()
    .describe(
      "Where leased servers fetch what Debian's packages do not have, as base URLs; checksums stay. Default: the makers' own.",
    ),
  images: named(image).describe('Public images.'),
  flavors: named(flavor).describe('Public flavors.'),
  loadBalancer: z
    .strictObject({
      provider: z.enum(['ovn', 'amphora']).default('ovn').describe('Octavia provider driver.'),
      monitor: z
        .boolean()
        .default(true)
        .describe(
          'Whether health monitors probe the members of a load balancer, and take those out that do not answer.',
        ),
    })
    .prefault({})
    .describe('Octavia.'),
  kolla: kolla
    .optional()
    .describe(
      'How Kolla-Ansible deploys it. Default: Tandem deploys the resources in the cloud, not the cloud itself.',
    ),
  terraform: terraform.prefault({}).describe('How Terraform works on this cloud.'),
});

export type Cloud = z.output<typeof cloudSchema> & {
  /**
   * Files of `config/clouds/<name>.kolla/`, laid over what Kolla-Ansible makes: content by path in that folder. No key of the cloud's own
   * file: they are read beside it.
   */
  readonly ownFiles?: Readonly<Record<string, string>>;
};
export type Flavor = Cloud['flavors'][string];
