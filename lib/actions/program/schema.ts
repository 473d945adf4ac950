import { z } from 'zod';

export const packSchema = z.strictObject({
  format: z.literal('tandem.program-pack/1'),
  path: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  files: z.number().int(),
  /** Relative to the project. */
  archive: z.string(),
});
