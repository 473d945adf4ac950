import { z } from 'zod';
import { count, name, named, path, percent, port, text } from './common.ts';

const listen = z.strictObject({
  port: port.describe('TCP or UDP port.'),
  lastPort: port.optional().describe('Last port of a range. Default: `port`.'),
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol.'),
  from: z
    .array(name())
    .min(1)
    .describe('Who may connect: tiers of the blueprint, sources of the cloud, `world`, or `environment` (every tier).'),
});

const volume = z.strictObject({
  sizeGiB: count(1, 16_384).describe('Size in GiB.'),
  renamedFrom: name()
    .optional()
    .describe(
      'Name that it had: volumes of that name are kept, with their data. May stay when all leases are deployed.',
    ),
  type: name().optional().describe("Volume type of the cloud. Default: the cloud's `defaultVolumeType`."),
});

const loadBalancer = z.strictObject({
  port: port.describe('Port that clients use.'),
  targetPort: port.optional().describe('Port of the servers. Default: `port`.'),
  public: z.boolean().default(false).describe('Whether it gets a floating address.'),
  from: z.array(name()).min(1).describe('Who may connect, as in `listens`.'),
});

const tier = z.strictObject({
  description: text().optional().describe('One line.'),
  renamedFrom: name()
    .optional()
    .describe(
      'Name that it had: servers and volumes of the tier of that name are kept, and renamed; names in DNS are made anew. May stay when all leases are deployed.',
    ),
  image: name().describe('Image of the cloud.'),
  flavor: name().describe('Flavor of the cloud.'),
  count: count(0, 200).default(1).describe('Number of servers.'),
  placement: z
    .enum(['spread', 'any'])
    .default('spread')
    .describe('`spread`: over the zones in turn, never two on one host; `any`: on any host with capacity.'),
  listens: z.array(listen).default([]).describe('Ports that the tier answers on. All others are closed.'),
  volumes: named(volume).default({}).describe('Volumes of each server.'),
  loadBalancer: loadBalancer.optional().describe('Load balancer in front of the tier. Default: none.'),
  floatingAddress: z.boolean().default(false).describe('Whether each server gets a floating address.'),
  userData: path
    .optional()
    .describe(
      'cloud-init file, relative to the project. Default: only the access keys. CAUTION: a change replaces the servers.',
    ),
});

/** `config/blueprints/<name>.yaml`: what a dev environment is made of. */
export const blueprintSchema = z.strictObject({
  description: text().describe('One line.'),
  prefixLength: count(16, 28).default(24).describe('Prefix length of the environment network.'),
  ssh: z
    .strictObject({
      tier: name().describe('Tier that SSH comes in through.'),
      from: z.array(name()).min(1).describe('Sources of the cloud, or `world`.'),
    })
    .optional()
    .describe('SSH access. Default: none.'),
  headroomPercent: percent
    .default(50)
    .describe(
      'How far quotas exceed the need of the blueprint, in percent, so that users can create resources of their own.',
    ),
  tiers: named(tier).describe('Tiers.'),
});

export type Blueprint = z.output<typeof blueprintSchema>;
export type Tier = Blueprint['tiers'][string];
