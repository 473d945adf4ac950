import { z } from 'zod';
import { problemSchema } from '../../validate/schema.ts';
import { roomSchema } from './capacity.ts';

export const checkSchema = z.strictObject({
  format: z.literal('tandem.cloud-check/1'),
  problems: z.array(problemSchema),
  capacity: z.record(z.string(), z.array(roomSchema)),
  rules: z
    .array(z.strictObject({ rule: z.string(), severity: z.enum(['error', 'warning']), asks: z.string() }))
    .optional(),
});
