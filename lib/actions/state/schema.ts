import { z } from 'zod';

const facts = { lineage: z.string(), serial: z.int(), resources: z.int() };

export const stateListSchema = z.strictObject({
  format: z.literal('tandem.state-list/1'),
  stack: z.string(),
  present: z.strictObject(facts).nullable().describe('The state that is there; null where there is none.'),
  versions: z
    .array(
      z.strictObject({
        ...{ id: z.string(), at: z.string(), by: z.string(), operation: z.string(), moment: z.string() },
        ...{ ...facts, commit: z.string() },
      }),
    )
    .describe('Newest first.'),
});

const comparison = {
  stack: z.string(),
  version: z.string(),
  added: z.array(z.string()).describe('Addresses in the version alone.'),
  lost: z.array(z.string()).describe('Addresses in the present state alone.'),
  both: z.array(z.string()),
};

export const stateShowSchema = z.strictObject({ format: z.literal('tandem.state-show/1'), ...comparison });
export const stateRestoreSchema = z.strictObject({ format: z.literal('tandem.state-restore/1'), ...comparison });

export const stateForgetSchema = z.strictObject({
  ...{
    format: z.literal('tandem.state-forget/1'),
    stack: z.string(),
    version: z.string() /** What the version tells: `left behind in account …`. */,
    moment: z.string(),
  },
});

export const stateRotateSchema = z.strictObject({
  format: z.literal('tandem.state-rotate/1'),
  /** Age public keys that open it from now on. */
  recipients: z.array(z.string()),
  states: z.int(),
  versions: z.int(),
  records: z.int(),
});
