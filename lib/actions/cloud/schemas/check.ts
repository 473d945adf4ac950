import { z } from 'zod';
import { problemSchema } from '../../../config/diagnostic.ts';
import { roomSchema } from './capacity.ts';

export const checkSchema = z.strictObject({
  format: z.literal('tandem.cloud-check/1'),
  problems: z.array(problemSchema),
  capacity: z.record(z.string(), z.array(roomSchema)),
  rules: z
    .array(z.strictObject({ rule: z.string(), severity: z.enum(['error', 'warning']), asks: z.string() }))
    .optional(),
  secrets: z
    .array(
      z.strictObject({
        cloud: z.string(),
        folder: z.string(),
        files: z.array(
          z.strictObject({
            path: z.string(),
            kind: z.string(),
            reader: z.string(),
            state: z.enum(['sound', 'broken', 'unknown']),
            faults: z.array(z.string()),
            until: z.string().optional(),
          }),
        ),
      }),
    )
    .optional(),
});
