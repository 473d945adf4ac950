import { z } from 'zod';

export const renderSchema = z.strictObject({
  format: z.literal('tandem.cloud-render/1'),
  trees: z.array(z.strictObject({ id: z.string(), folder: z.string() })),
});

export const diagramSchema = z.strictObject({
  format: z.literal('tandem.diagram/1'),
  cloud: z.string(),
  svg: z.string(),
});

const hosts = z.array(z.string());

export const growSchema = z.strictObject({
  format: z.literal('tandem.cloud-grow/1'),
  cloud: z.string(),
  to: z.string(),
  executed: z.boolean(),
  file: z.string(),
  steps: z.array(
    z.strictObject({
      key: z.string(),
      members: z.record(z.string(), hosts),
      commands: z.array(
        z.strictObject({
          program: z.enum(['kolla-ansible', 'ansible']),
          args: z.array(z.string()),
          oneByOne: z.boolean().optional(),
          isCheck: z.boolean().optional(),
        }),
      ),
      effects: z.array(
        z.strictObject({
          kind: z.enum(['restarts', 'joins', 'told', 'stops', 'forgotten']),
          group: z.string(),
          hosts,
        }),
      ),
      unavailable: z.array(z.string()),
    }),
  ),
});

/** What stands in it is described in lib/private-cloud/drill/report.ts. */
export const drillSchema = z.strictObject({
  format: z.literal('tandem.drill/2'),
  run: z.string(),
  at: z.string(),
  seconds: z.number(),
  timers: z.record(z.string(), z.number()),
  adaptations: z.unknown(),
  drills: z.array(
    z.looseObject({ drill: z.string(), stage: z.unknown(), predictionDigest: z.string(), faults: z.array(z.string()) }),
  ),
  darkStarts: z.array(z.looseObject({ order: hosts, founder: z.string(), faults: z.array(z.string()) })),
});
