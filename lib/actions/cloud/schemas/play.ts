import { z } from 'zod';

/** A run of kolla-ansible, as plans show it. */
export const playSchema = z.strictObject({
  key: z.string(),
  verb: z.string(),
  tags: z.array(z.string()),
  limit: z.array(z.string()),
  oneByOne: z.boolean().optional(),
  extra: z.array(z.string()).optional(),
});

/** A command on one host, as plans show it. */
export const commandSchema = z.strictObject({
  host: z.string(),
  container: z.string().optional(),
  argv: z.array(z.string()),
  timeoutSeconds: z.int().optional(),
});
