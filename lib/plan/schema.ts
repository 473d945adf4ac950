import { z } from 'zod';
import { targetSchema } from '../stack/target.ts';

const attribute = z.strictObject({
  path: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  afterUnknown: z.boolean(),
  sensitive: z.boolean(),
  forcesReplacement: z.boolean(),
  mac: z.string().optional(),
});

const source = z.strictObject({ file: z.string(), line: z.int().min(1), commit: z.string().optional() });

const change = z.strictObject({
  address: z.string(),
  type: z.string(),
  action: z.enum(['create', 'update', 'interrupt', 'replace', 'delete', 'move', 'import', 'forget']),
  reasons: z.array(z.string()),
  attributes: z.array(attribute),
  source: source.nullable(),
  noise: z.boolean(),
  restarts: z.array(z.string()),
  findings: z.array(z.string()),
});

const stack = z.strictObject({
  id: z.string(),
  engine: z.string(),
  status: z.enum(['changed', 'unchanged', 'waiting', 'unknown-here', 'error']),
  changes: z.array(change),
  unresolvedInputs: z.array(z.strictObject({ name: z.string(), from: z.string() })),
  inputs: z.array(z.strictObject({ name: z.string(), from: z.string(), value: z.string() })).optional(),
  drift: z.array(change),
  target: targetSchema.optional(),
  leaves: z.strictObject({ target: targetSchema, changes: z.array(change) }).optional(),
  after: z.array(z.strictObject({ stack: z.string(), reason: z.string() })).optional(),
  ahead: z
    .strictObject({ commit: z.string(), by: z.string(), at: z.string(), unknown: z.string().optional() })
    .optional(),
  whole: z.enum(['new', 'gone']).optional(),
  reason: z.string().optional(),
  belongsTo: z
    .strictObject({ lineage: z.string().nullable(), by: z.string(), at: z.string(), place: z.string() })
    .optional(),
});

/** How many changes of each kind. */
export const summarySchema = z.strictObject({
  create: z.int(),
  update: z.int(),
  interrupt: z.int(),
  replace: z.int(),
  delete: z.int(),
  other: z.int(),
  noise: z.int(),
});

/** Format `tandem.plan/1`, as `plan --json` writes it: strict, so that a field cannot slip in without being said here. */
export const planSchema = z.strictObject({
  format: z.literal('tandem.plan/1'),
  base: z.strictObject({
    kind: z.enum(['commit', 'record', 'live', 'empty']),
    ref: z.string(),
    branch: z.strictObject({ name: z.string(), behind: z.int().min(0) }).optional(),
  }),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  summary: summarySchema,
  stacks: z.array(stack),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      level: z.enum(['deny', 'warn']),
      stack: z.string().optional(),
      address: z.string(),
      reason: z.string(),
      owner: z.string().nullable(),
      override: z.strictObject({ reason: z.string(), expires: z.string() }).optional(),
      source: source.nullable().optional(),
    }),
  ),
  elsewhere: z.array(z.strictObject({ tool: z.string(), count: z.int().min(1), text: z.string() })).optional(),
  impact: z.array(
    z.strictObject({
      fleet: z.string(),
      replaced: z.int().min(0),
      old: z.int().min(0),
      batchPercent: z.number().nullable(),
      minutes: z.number().nullable(),
      text: z.string(),
    }),
  ),
  availability: z.array(z.string()),
  outcome: z.enum(['failed', 'policy-denied', 'waiting', 'changed', 'unchanged']).optional(),
  cost: z
    .strictObject({
      monthly: z.strictObject({ before: z.number(), after: z.number(), currency: z.string() }),
      least: z.strictObject({ before: z.number(), after: z.number() }).optional(),
      basis: z.string().optional(),
      stacks: z
        .array(
          z.strictObject({
            ...{ stack: z.string(), before: z.number(), after: z.number() },
            parts: z
              .array(z.strictObject({ what: z.string(), quantity: z.string(), before: z.number(), after: z.number() }))
              .optional(),
          }),
        )
        .optional(),
      asOf: z.string(),
      unpriced: z.array(z.string()),
    })
    .nullable(),
  approvals: z.array(
    z.strictObject({
      ...{ rule: z.string(), reason: z.string(), count: z.int().min(0), of: z.array(z.string()) },
      authorCounts: z.boolean().optional(),
    }),
  ),
});
