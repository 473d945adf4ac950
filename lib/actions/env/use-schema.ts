import { z } from 'zod';

/** `env ssh` */
export const loggedInSchema = z.strictObject({
  format: z.literal('tandem.env-ssh/1'),
  name: z.string(),
  server: z.string(),
  command: z.string(),
  unknown: z.array(z.string()),
  code: z.int().nullable(),
});

/** `env exec` */
export const executedSchema = z.strictObject({
  format: z.literal('tandem.env-exec/1'),
  name: z.string(),
  server: z.string(),
  command: z.array(z.string()),
  code: z.int(),
  stdout: z.string(),
  stderr: z.string(),
});

/** `env logs` */
export const readLogSchema = z.strictObject({
  format: z.literal('tandem.env-logs/1'),
  name: z.string(),
  server: z.string(),
  unit: z.string().nullable(),
  text: z.string(),
  code: z.int(),
});
