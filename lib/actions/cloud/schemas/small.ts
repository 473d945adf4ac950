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

/** What stands in it is described in lib/private-cloud/drill/report.ts. */
const hosts = z.array(z.string());

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
  restores: z.array(z.looseObject({ restoredSeconds: z.number(), faults: z.array(z.string()) })),
  changes: z.array(z.looseObject({ name: z.string(), before: hosts, after: hosts, faults: z.array(z.string()) })),
  darkStarts: z.array(z.looseObject({ order: hosts, founder: z.string().nullable(), faults: z.array(z.string()) })),
});
