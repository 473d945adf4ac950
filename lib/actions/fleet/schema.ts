import { z } from 'zod';
import { reportSchema } from '../../fleet/look/report.ts';

const count = z.int().min(0);

/** `fleet status`; with `--watch`, the last of its lines. */
export const fleetSchema = reportSchema.extend({
  /** Where events are printed before it. */
  kind: z.literal('result').optional(),
  format: z.literal('tandem.fleet/1'),
});

/** A line of `fleet status --watch --json`. */
export const fleetEventSchema = z.strictObject({ kind: z.literal('fleet'), report: reportSchema });

/** `fleet scale` */
export const scaleSchema = z.strictObject({
  format: z.literal('tandem.fleet-scale/1'),
  environment: z.string(),
  group: z.string(),
  before: count,
  desired: count,
  minimum: count,
  maximum: count,
});

/** `fleet watch`, when it was ended. */
export const watchSchema = z.strictObject({
  kind: z.literal('result'),
  format: z.literal('tandem.fleet-watch/1'),
  environment: z.string(),
  /** Instances that were replaced, and those whose replacement failed. */
  replaced: count,
  failed: count,
});
