import { z } from 'zod';
import { count, name, named, path, percent, port, text } from './common.ts';

const listen = z.strictObject({
  port: port.describe('TCP or UDP port.'),
  lastPort: port.optional().describe('Last port of a range. Default: `port`.'),
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol.'),
  from: z
    .array(name())
    .min(1)
    .describe(
      'Who may connect: tiers of the blueprint, sources of the cloud, `world`, `environment` (every tier), or `link` (the other side).',
    ),
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

/** Settings of one program; its component knows the others (`lib/components`). */
const run = z
  .looseObject({
    clients: z
      .array(name())
      .default([])
      .describe('Who may connect to its ports for clients, as in `listens`. Those between its servers are open.'),
  })
  .describe('Settings of the component, or `{}`. A tier is named as `{ tier: NAME }`.');

const tier = z.strictObject({
  description: text().optional().describe('One line.'),
  renamedFrom: name()
    .optional()
    .describe(
      'Name that it had: servers and volumes of the tier of that name are kept, and renamed; names in DNS are made anew. Servers that run components are replaced all the same, since what they run names its tiers, and keep their volumes: the plan says so. May stay when all leases are deployed.',
    ),
  image: name().describe('Image of the cloud.'),
  flavor: name().describe('Flavor of the cloud.'),
  count: count(0, 200).default(1).describe('Number of servers.'),
  placement: z
    .enum(['spread', 'any'])
    .default('spread')
    .describe('`spread`: over the zones in turn, never two on one host; `any`: on any host with capacity.'),
  survives: z
    .enum(['zone', 'server'])
    .default('zone')
    .describe(
      'What programs that decide by majority go on without: `zone`: any one zone, else the tier is refused; `server`: any one server.',
    ),
  listens: z.array(listen).default([]).describe('Ports that the tier answers on. All others are closed.'),
  volumes: named(volume).default({}).describe('Volumes of each server.'),
  loadBalancer: loadBalancer.optional().describe('Load balancer in front of the tier. Default: none.'),
  floatingAddress: z.boolean().default(false).describe('Whether each server gets a floating address.'),
  runs: named(run)
    .default({})
    .describe('Components that its servers run: a list of their names, or a map of names to settings.'),
  userData: path
    .optional()
    .describe(
      'cloud-init file, relative to the project. Default: only the access keys. CAUTION: a change replaces the servers.',
    ),
});

const argument = z.union([text(), z.number(), z.boolean()]);

const parameter = z.strictObject({
  description: text().describe('One line.'),
  type: z.enum(['integer', 'text', 'boolean']).describe('What its values are.'),
  default: argument.describe('Value where neither a lease nor a blueprint that takes this one gives another.'),
  minimum: z.int().optional().describe('Least value of an integer. Default: none.'),
  maximum: z.int().optional().describe('Greatest value of an integer. Default: none.'),
  choices: z.array(text()).min(1).optional().describe('Texts that it may be. Default: any.'),
});

const part = z.strictObject({
  blueprint: name().describe('Blueprint whose tiers join this one, as `<part>-<tier>`.'),
  parameters: named(argument).default({}).describe("Values of that blueprint's parameters. Default: its own."),
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
  parameters: named(parameter)
    .default({})
    .describe(
      'What leases and other blueprints may choose. Any value in `tiers` and `parts` may be `{ parameter: NAME }`.',
    ),
  parts: named(part).default({}).describe('Other blueprints that it is made of.'),
  link: z
    .boolean()
    .default(false)
    .describe(
      'Whether its network is joined to the environment that its cloud is linked with. Tiers then open ports to `link`.',
    ),
  tiers: named(tier).describe('Tiers.'),
});

export type Blueprint = z.output<typeof blueprintSchema>;
export type Tier = Blueprint['tiers'][string];
export type Parameter = Blueprint['parameters'][string];
/** A value of a parameter. */
export type Argument = z.output<typeof argument>;
