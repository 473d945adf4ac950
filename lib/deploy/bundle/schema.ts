import { z } from 'zod';
import { statementSchema } from '../../attestation/statement.ts';
import type { Plan } from '../../plan/model.ts';
import { planSchema } from '../../plan/schema.ts';
import { stackIdSchema } from '../../stack/id.ts';
import { targetSchema } from '../../stack/target.ts';

/** Kind of the statement; version 1 of what is said. It is a name, and leads nowhere. */
export const BUNDLE_TYPE = 'urn:tandem:bundle:1';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const stack = z.strictObject({
  id: stackIdSchema,
  engine: z.string(),
  /** Removes the stack; the artefact is the one that was last applied. */
  destroy: z.boolean(),
  target: targetSchema,
  /** As it was synthesized at the commit. */
  artefact: z.string(),
  /** What was last applied when the bundle was made; null where nothing was recorded. */
  record: z.strictObject({ digest: z.string(), commit: z.string(), at: z.string() }).nullable(),
  /** Of Terraform's state when the bundle was made; null where there is none. */
  state: z.strictObject({ lineage: z.string(), serial: z.int() }).nullable(),
});

/** Format `tandem.bundle/1`: a plan frozen for approval, the predicate of the statement that is signed. */
const bundle = z.strictObject({
  format: z.literal('tandem.bundle/1'),
  organisation: z.string(),
  /** Of the configuration; it was checked out without changes. */
  commit: z.string(),
  /** ISO 8601, UTC. From `expiresAt` on it is neither approved nor deployed. */
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Who made it: as `user@host`, and the fingerprint of the key that signed it first; null where none did. */
  author: z.strictObject({ by: z.string(), keyid: z.string().nullable() }),
  /** Of Tandem and of what it ran on. */
  versions: z.record(z.string(), z.string()),
  /** SHA-256 of lock files, by path. */
  locks: z.record(z.string(), digest),
  stacks: z.array(stack).min(1),
  /** Digest of what the plan does (`semantic.ts`): while that of a new plan equals it, an approval stands. */
  semantic: digest,
  /** Key of the digests of hidden values, encrypted by age to those who deploy; null where no hidden value changes. */
  hiddenKey: z.string().nullable(),
  plan: z.custom<Plan>((value) => planSchema.safeParse(value).success, { error: 'it is no plan' }),
});

export type Bundle = z.output<typeof bundle>;
export type BundleStack = Bundle['stacks'][number];

export const bundleStatement = statementSchema(BUNDLE_TYPE, bundle);
