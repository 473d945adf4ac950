import { z } from 'zod';
import { problemSchema } from '../../config/diagnostic.ts';
import { summarySchema } from '../../plan/schema.ts';
import { lockSchema } from '../../state/lock.ts';

const stack = z.string();
const seconds = z.number().min(0);

/** An interrupted operation, as the journal has it. */
const unfinished = z.strictObject({
  id: z.string(),
  startedAt: z.string(),
  verb: z.string(),
  stacks: z.array(stack),
  by: z.string(),
  commit: z.string(),
  arguments: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  resume: z.string(),
  done: z.array(z.string()),
  begun: z.array(z.string()),
});

/** What verbs that change clouds print with `--json` while they work: one object a line, before the result. */
export const deployEventSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('operation'),
      ...{ operation: z.string(), verb: z.string(), stacks: z.array(stack), resumes: z.boolean() },
    })
    .describe('The stacks are locked, and the operation is in the journal.'),
  z
    .strictObject({ kind: z.literal('unfinished'), operation: unfinished, takesOver: z.boolean() })
    .describe('An earlier operation on these stacks was interrupted; `takesOver`: this one finishes it.'),
  z
    .strictObject({ kind: z.literal('waiting-for-lock'), holder: lockSchema })
    .describe('Somebody else works on a stack.'),
  z
    .strictObject({
      kind: z.literal('stack'),
      stack,
      phase: z.enum(['planning', 'planned', 'applying', 'done', 'unchanged', 'failed', 'skipped', 'waiting']),
      seconds,
      reason: z.string().optional(),
    })
    .describe('A stack enters a phase; `seconds` since it began.'),
  z
    .strictObject({ kind: z.literal('forecast'), seconds, known: z.number().min(0).max(1) })
    .describe('How long applying will take, from earlier runs; `known`: share of changes that were seen before.'),
  z
    .strictObject({
      kind: z.literal('report'),
      stacks: z.array(
        z.strictObject({
          id: stack,
          outcome: z.enum(['applied', 'destroyed', 'unchanged', 'skipped', 'waiting', 'failed']),
          seconds,
          changes: z.int().min(0),
          reason: z.string().optional(),
        }),
      ),
    })
    .describe('Some stacks failed: what became of each. The error, with the next step, follows.'),
  z
    .strictObject({
      kind: z.literal('resource'),
      stack,
      address: z.string(),
      action: z.enum(['create', 'update', 'delete', 'read', 'import']),
      phase: z.enum(['start', 'progress', 'done', 'failed']),
      seconds,
      id: z.string().optional(),
    })
    .describe('What happens to one resource.'),
  z
    .strictObject({
      kind: z.literal('retry'),
      stack,
      reason: z.string(),
      attempt: z.int().min(1),
      delaySeconds: seconds,
    })
    .describe('A stack failed in a way that passes, and is tried again.'),
  z
    .strictObject({
      kind: z.literal('message'),
      level: z.enum(['info', 'warn']),
      code: z.string().optional(),
      stack: stack.optional(),
      text: z.string(),
    })
    .describe('For people; `code` where scripts may look for it.'),
  z.strictObject({ kind: z.literal('problem'), problem: problemSchema }).describe('A problem of the configuration.'),
  z
    .strictObject({
      kind: z.literal('progress'),
      what: z.string(),
      ...{ done: z.int().min(0), total: z.int().min(0) },
    })
    .describe('How far counted work is.'),
  z
    .strictObject({
      kind: z.literal('api-retry'),
      reason: z.string(),
      attempt: z.int().min(1),
      delaySeconds: seconds,
    })
    .describe('A request to an API is repeated.'),
]);

/** The last line. */
export const deployResultSchema = z.strictObject({
  kind: z.literal('result'),
  format: z.literal('tandem.deploy/1'),
  operation: z.string(),
  summary: summarySchema,
  stacks: z.array(
    z.strictObject({
      id: stack,
      outcome: z.enum(['applied', 'destroyed', 'unchanged', 'skipped', 'waiting']),
      seconds,
      changes: z.int().min(0),
    }),
  ),
});
