import { z } from 'zod';

/** `env ssh` */
export const loggedInSchema = z.strictObject({
  format: z.literal('tandem.env-ssh/1'),
  name: z.string(),
  server: z.string(),
  /** As a shell takes it. */
  command: z.string(),
  /** Servers on the way whose host keys their consoles did not tell. */
  unknown: z.array(z.string()),
  /** With which the login ended; null where it was only told. */
  code: z.int().nullable(),
});

/** `env exec` */
export const executedSchema = z.strictObject({
  format: z.literal('tandem.env-exec/1'),
  name: z.string(),
  server: z.string(),
  command: z.array(z.string()),
  code: z.int(),
  /** Empty where it was not captured. */
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
  /** Of the program that read a unit's journal; 0 for a console. */
  code: z.int(),
});
