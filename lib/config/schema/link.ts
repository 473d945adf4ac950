import { z } from 'zod';
import { because } from '../diagnostic.ts';
import { cidr, count, fqdn, instanceType, name, plainName, sshKey, text } from './common.ts';

/** Numbers of autonomous systems that AWS takes for its side (Amazon EC2 API, CreateVpnGateway): the private ones. */
export const isPrivateAsn = (asn: number): boolean =>
  (asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);

const asn = z.int().refine(isPrivateAsn, {
  error: because(
    'it is not the number of a private autonomous system',
    'write one from 64512 to 65534, or from 4200000000 to 4294967294',
  ),
});

/** A pair of gateways: AWS has two tunnels for each, and one is enough. */
export const GATEWAYS = 2;

const gateways = z.strictObject({
  image: name().describe('Image of the gateways, with Debian 12.'),
  flavor: name().describe('Flavor of the gateways.'),
  network: name()
    .optional()
    .describe('External network of their floating addresses. Default: the one of dev environments.'),
  zones: z
    .array(name())
    .length(GATEWAYS)
    .describe('Availability zones of the two gateways, in racks of their own: the first one carries the traffic.'),
  sshKeys: z
    .array(sshKey)
    .default([])
    .describe('OpenSSH public keys that may log in to them, as `tandem link status` does. Changed in place.'),
  sshFrom: z
    .array(name())
    .default([])
    .describe(
      'Sources of the cloud that may log in from outside, such as `office`. Changed in place. Default: dev environments alone.',
    ),
});

const environmentSide = z.strictObject({
  asn: asn
    .default(64_512)
    .describe('Autonomous system of the AWS side. CAUTION: another value replaces the gateway of the VPC.'),
  gateway: z
    .enum(['virtual-private', 'transit'])
    .default('virtual-private')
    .describe('Gateway of the VPC: its own, or the transit gateway that its network names.'),
  acceleration: z
    .boolean()
    .default(false)
    .describe('Whether tunnels enter AWS at the nearest edge location; a transit gateway alone offers it.'),
});

const timers = z
  .strictObject({
    keepaliveSeconds: count(1, 20).default(3).describe('Seconds between two keepalives of BGP.'),
    holdSeconds: count(3, 60)
      .default(9)
      .describe('Seconds without a keepalive until a session is given up, at least three times as many.'),
    probeSeconds: z
      .number()
      .min(0.2)
      .max(5)
      .default(0.5)
      .describe('Seconds between two probes through each tunnel, which notice one that is up and passes nothing.'),
    probeFailures: count(2, 10)
      .default(4)
      .describe(
        'Probes in a row that are lost until traffic leaves a tunnel; a share of half within twice as many, too.',
      ),
    bfd: z
      .boolean()
      .default(false)
      .describe('Whether the peers also speak BFD, 300 ms three times. CAUTION: AWS does not; for peers that do.'),
  })
  .superRefine(({ keepaliveSeconds, holdSeconds }, context) => {
    if (holdSeconds >= 3 * keepaliveSeconds) return;
    const fix = `write ${3 * keepaliveSeconds} or more`;
    context.addIssue({
      code: 'custom',
      path: ['holdSeconds'],
      input: holdSeconds,
      message: because(`one lost keepalive of ${keepaliveSeconds} s must not end a session`, fix),
    });
  });

const tunnels = z.strictObject({
  inside: cidr.describe(
    'A /28 of 169.254.0.0/16, of which each of the four tunnels has a /30 for its inside addresses. CAUTION: another value makes the tunnels anew, one after another.',
  ),
  mtu: count(1280, 1446)
    .default(1400)
    .describe('Largest packet inside a tunnel, in bytes. TCP is told (MSS), so that no packet has to be cut.'),
  timers: timers.prefault({}).describe('How soon a failure is noticed.'),
  dpdTimeoutSeconds: count(30, 600)
    .default(30)
    .describe('Seconds without an answer until AWS takes a gateway for dead.'),
  lifecycleControl: z
    .boolean()
    .default(true)
    .describe('Whether AWS asks before it replaces an end point of a tunnel, and waits for you until its deadline.'),
  logsDays: count(1, 3653)
    .default(30)
    .describe('Days that logs of IKE and BGP on the AWS side are kept, rounded up to what CloudWatch Logs offers.'),
});

const names = z.strictObject({
  zone: fqdn.describe(
    'Private zone of Route 53 for the environment; the cloud forwards to it, and AWS forwards the zone of the cloud.',
  ),
});

/** Most servers of Consul on one side. */
export const MOST_CONSUL_SERVERS = 5;

const discovery = z.strictObject({
  servers: z
    .literal([3, MOST_CONSUL_SERVERS])
    .default(3)
    .describe('Servers of Consul on each side, 3 or 5, an odd count for their quorum: one or two of them may be lost.'),
  flavor: name().optional().describe('Flavor of the servers in the cloud. Default: the one of the gateways.'),
  instanceType: instanceType.default('t3.small').describe('Instance type of the servers on AWS.'),
});

/** `config/links/<name>.yaml`: what joins one cloud and one environment. */
export const linkSchema = z.strictObject({
  description: text().optional().describe('One line.'),
  cloud: plainName().describe('Private cloud. It has at most one link.'),
  environment: plainName().describe('Environment on AWS. It has at most one link.'),
  asn: asn.default(65_010).describe('Autonomous system of the private cloud.'),
  network: cidr.describe(
    'Private range of the network between the gateways and the router that dev environments reach them by, /28 to /24.',
  ),
  prefixes: z
    .array(name())
    .min(1)
    .optional()
    .describe('Tenant pools of the cloud that the environment can reach. Default: all of them.'),
  growth: cidr
    .optional()
    .describe('Range that the VPC may grow into; routes in it are accepted. Default: the range of the VPC.'),
  gateways: gateways.describe('The pair of gateways in the private cloud.'),
  aws: environmentSide.prefault({}).describe('The AWS side.'),
  tunnels: tunnels.describe('The four tunnels: two from each gateway.'),
  names: names.optional().describe('Names of each side on the other. Default: none are forwarded.'),
  discovery: discovery
    .optional()
    .describe(
      'Consul on both sides: two data centres, named as the cloud and the environment, whose servers find the services of each other. Default: none.',
    ),
});

export type Link = z.output<typeof linkSchema>;
