import { z } from 'zod';
import { COUNTED } from '../../fleet/look/report.ts';

const count = z.int().min(0);

const machineSchema = z.strictObject({
  id: z.string(),
  zone: z.string(),
  type: z.string(),
  purchase: z.enum(['spot', 'on-demand']),
  state: z.string(),
  worker: z.enum(['starting', 'warm', 'idle', 'busy', 'draining', 'drained', 'broken', 'lost', 'none']),
  health: z.enum(['healthy', 'impaired-instance', 'impaired-system', 'unhealthy']),
  ageSeconds: count,
  image: z.string(),
  template: z.string(),
  program: z.string().nullable(),
  agent: z.string().nullable(),
  job: z.string().nullable(),
  jobSeconds: count.nullable(),
  heartbeatSeconds: count.nullable(),
  protectedFromScaleIn: z.boolean(),
  warm: z.boolean(),
});

const reportShape = {
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  at: z.iso.datetime(),
  group: z.strictObject({
    name: z.string(),
    minimum: count,
    desired: count,
    maximum: count,
    inService: count,
    warm: count,
    suspended: z.array(z.string()),
  }),
  current: z.strictObject({ template: z.string(), image: z.string(), program: z.string().nullable() }),
  total: count,
  machines: z.array(machineSchema),
  counts: z.strictObject(Object.fromEntries(COUNTED.map((field) => [field, z.record(z.string(), count)]))),
  queues: z.array(
    z.strictObject({
      name: z.string(),
      waiting: count,
      running: count,
      oldestSeconds: z.number().min(0),
      deadLetters: count,
    }),
  ),
  limits: z.array(
    z.strictObject({
      name: z.string(),
      used: z.number().nullable(),
      limit: z.number().nullable(),
      left: z.number(),
    }),
  ),
  findings: z.array(
    z.strictObject({
      code: z.string(),
      level: z.enum(['warn', 'info']),
      text: z.string(),
      machines: z.array(z.string()),
      next: z.string().nullable(),
    }),
  ),
};

/** `fleet status`; with `--watch`, the last of its lines. */
export const fleetSchema = z.strictObject({
  /** Where events are printed before it. */
  kind: z.literal('result').optional(),
  format: z.literal('tandem.fleet/1'),
  ...reportShape,
});

/** A line of `fleet status --watch --json`. */
export const fleetEventSchema = z.strictObject({ kind: z.literal('fleet'), report: z.strictObject(reportShape) });

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
  replaced: count,
  failed: count,
});
