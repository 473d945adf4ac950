import { z } from 'zod';

const names = z.array(z.string());
const argument = z.union([z.string(), z.number(), z.boolean()]);

const tier = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  count: z.int(),
  flavor: z.string(),
  image: z.string(),
  placement: z.enum(['spread', 'any']),
  runs: z.array(z.strictObject({ name: z.string(), title: z.string(), version: z.string() })),
  ports: z.array(
    z.strictObject({ port: z.string(), protocol: z.enum(['tcp', 'udp']), from: names, name: z.string().optional() }),
  ),
  balancer: z.strictObject({ port: z.int(), public: z.boolean(), from: names }).optional(),
  floatingAddress: z.boolean(),
  volumeGiB: z.number(),
  survival: z.strictObject({
    lost: z.int(),
    left: z.int(),
    serves: z.enum(['yes', 'no', 'in part']),
    says: z.string(),
  }),
});

const blueprint = z.strictObject({
  name: z.string(),
  file: z.string(),
  description: z.string(),
  cloud: z.string(),
  zones: names,
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      type: z.enum(['integer', 'text', 'boolean']),
      default: argument,
      minimum: z.int().optional(),
      maximum: z.int().optional(),
      choices: names.optional(),
    }),
  ),
  parts: z.array(z.strictObject({ name: z.string(), blueprint: z.string() })),
  tiers: z.array(tier),
  components: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      version: z.string(),
      description: z.string(),
      home: z.string(),
      evidence: z.string().optional(),
    }),
  ),
  need: z.strictObject({
    servers: z.int(),
    vcpus: z.int(),
    memoryGiB: z.number(),
    volumeGiB: z.number(),
    floatingAddresses: z.int(),
    loadBalancers: z.int(),
  }),
  costs: z.array(z.strictObject({ cloud: z.string(), monthly: z.number() })),
  currency: z.string(),
});

export const blueprintsSchema = z.strictObject({
  format: z.literal('tandem.blueprints/1'),
  blueprints: z.array(blueprint),
});

export const blueprintShowSchema = z.strictObject({
  format: z.literal('tandem.blueprint/1'),
  blueprint,
  page: z.string(),
});

export const blueprintDiagramSchema = z.strictObject({
  format: z.literal('tandem.blueprint-diagram/1'),
  blueprint: z.string(),
  svg: z.string(),
});
