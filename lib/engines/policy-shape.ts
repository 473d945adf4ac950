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

/** What a module exports as `policy`, or as a list `policies`; undefined where it exports neither. */
export function policiesIn(exports: unknown): readonly unknown[] | undefined {
  const { policy, policies = [policy] } = exports as { readonly policy?: unknown; readonly policies?: unknown };
  return Array.isArray(policies) && policies.some((each) => each !== undefined) ? policies : undefined;
}

export const NO_POLICIES = 'it exports neither `policy` nor a list `policies`';
