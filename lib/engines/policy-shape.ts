import { z } from 'zod';
import type { Policy } from '../../stacks/define-policy.ts';

/** What a module of policies exports, as far as it can be seen before it is asked. */
export const policySchema = z.looseObject({
  id: z
    .string()
    .regex(/^[a-z](?:-?[a-z0-9])*$/)
    .max(64),
  level: z.enum(['deny', 'warn']),
  reason: z.string(),
  owner: z.string().optional(),
  check: z.custom<Policy['check']>((value) => typeof value === 'function', 'is no function'),
});
