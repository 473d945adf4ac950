import { z } from 'zod';
import { AREAS } from '../../../private-cloud/status/report.ts';

const area = z.enum(AREAS);

export const statusSchema = z.strictObject({
  format: z.literal('tandem.cloud-status/1'),
  cloud: z.string(),
  differences: z.array(z.strictObject({ area, subject: z.string(), expected: z.string(), found: z.string() })),
  asked: z.array(z.strictObject({ area, count: z.number() })),
});
