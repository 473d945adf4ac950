import { z } from 'zod';

export const linkDrillSchema = z.strictObject({
  format: z.literal('tandem.link-drill/1'),
  link: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      measure: z
        .enum(['seconds', 'writes', 'lost', 'questions', 'speed'])
        .describe(
          'Seconds without traffic, seconds between two writes that Consul acknowledged, pings lost, DNS questions without an answer, or the share of speed that is left.',
        ),
      goal: z.number().nullable().describe('At most, of speed at least; null: bounded by detection.'),
      predicted: z.number(),
      seen: z.array(z.number()),
      worst: z.number(),
      asPredicted: z.boolean(),
      reached: z.boolean(),
      faults: z.array(z.string()),
    }),
  ),
  adaptations: z.array(z.strictObject({ file: z.string(), what: z.string(), why: z.string() })),
});

export const linkRotateSchema = z.strictObject({
  format: z.literal('tandem.link-rotate/1'),
  link: z.string(),
  tunnels: z.array(z.string()).describe('Those that have new keys, in the order in which they got them.'),
});
