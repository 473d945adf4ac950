import { z } from 'zod';

export const importSchema = z.strictObject({
  format: z.literal('tandem.import/1'),
  stack: z.string(),
  note: z.string().nullable().describe('Where it is noted for the next plan.'),
  matches: z.array(
    z.strictObject({
      to: z.string(),
      type: z.string(),
      id: z.string(),
      from: z.string(),
      differs: z.array(z.string()),
      replacing: z.array(z.string()).describe('Those that replace what was imported.'),
    }),
  ),
  ambiguous: z.array(z.strictObject({ to: z.string(), candidates: z.array(z.string()) })),
  missing: z.array(z.string()),
  left: z.array(z.string()),
});
