import { z } from 'zod';
import { tierReference } from '../../bring-up/tier-reference.ts';
import { because } from '../../config/diagnostic.ts';
import { count, fqdn } from '../../config/schema/common.ts';

export const knotSettings = z
  .strictObject({
    zones: z
      .array(fqdn)
      .default([])
      .describe(
        'Zones that the primary holds. Their records come in by dynamic update (RFC 2136), and are data, not configuration.',
      ),
    secondaries: tierReference().optional().describe('On the primary: the tier of its secondaries.'),
    primary: tierReference().optional().describe('On a secondary: the tier of its primary.'),
    ttlSeconds: count(1, 86_400)
      .default(300)
      .describe('Time to live of the records that a new zone begins with, in seconds.'),
    expireDays: count(1, 365)
      .default(14)
      .describe(
        'How long secondaries answer without having heard of their primary, in days. For zones that begin from now on.',
      ),
  })
  .refine(({ secondaries, primary }) => (secondaries === undefined) !== (primary === undefined), {
    error: because('a server is either the primary or a secondary', 'give one of secondaries and primary'),
  });

export type KnotSettings = z.output<typeof knotSettings>;
