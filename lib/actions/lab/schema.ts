import { z } from 'zod';

const kind = z.enum(['openstack', 'ha', 'aws']);
/** What a lab says of itself; each kind has its own fields. */
const lab = z.record(z.string(), z.json());

export const labUpSchema = z.strictObject({
  format: z.literal('tandem.lab-up/1'),
  kind,
  alreadyRunning: z.boolean(),
  seconds: z.number().min(0),
  phases: z.record(z.string(), z.number()).optional(),
  lab,
  variables: z.record(z.string(), z.string()),
});

export const labDownSchema = z.strictObject({
  format: z.literal('tandem.lab-down/1'),
  kind,
  wasRunning: z.boolean(),
  kept: z.array(z.string()),
  seconds: z.number().min(0),
});

export const labStatusSchema = z.strictObject({
  format: z.literal('tandem.lab-status/1'),
  kind,
  state: z.enum(['running', 'starting', 'broken', 'stopped']),
  services: z.array(z.strictObject({ name: z.string(), healthy: z.boolean(), detail: z.string() })),
  lab: lab.nullable(),
});
