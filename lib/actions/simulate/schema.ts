import { z } from 'zod';

const amount = z.number().min(0);

const policy = z.strictObject({
  policy: z.string(),
  isConfigured: z.boolean().describe("Whether it is the environment's own."),
  waitSeconds: z.strictObject({ mean: amount, p50: amount, p95: amount, p99: amount, longest: amount }),
  slowdown: amount.describe('Mean of (wait + run) / run, where a run counts as ten seconds at least.'),
  lateJobs: amount.describe('Jobs that waited longer than the goal; 0 without one.'),
  instanceHours: amount,
  onDemandHours: amount,
  spotHours: amount,
  usd: amount.nullable(),
  launches: amount,
  lostSeconds: amount.describe('Runs that came to nothing, and were done again.'),
  undoneJobs: amount,
  losses: z
    .array(
      z.strictObject({
        ...{ at: z.iso.datetime(), instances: amount, jobs: amount.describe('That ran on them, and waited again.') },
        backlogSeconds: amount.nullable().describe('Until no more jobs wait than before; null: not until the end.'),
      }),
    )
    .describe('Machines of the workload that fail at once.'),
  elasticity: z
    .strictObject({
      underAccuracy: amount,
      overAccuracy: amount,
      underTimeshare: amount,
      overTimeshare: amount,
      jitter: z.number(),
    })
    .describe('How well capacity follows demand, as SPEC RG measures it: in percent, jitter in changes an hour.'),
  regret: z.number().nullable().describe('Instance-hours above the best possible, as a share of that.'),
});

const workload = z.strictObject({
  name: z.string(),
  jobs: amount,
  spanSeconds: amount,
  workHours: amount.describe('Of all jobs, one after another.'),
  best: z.strictObject({ instanceHours: amount, usd: amount.nullable(), launches: amount }),
  policies: z.array(policy),
});

/** Of a run, without --fit and --record. */
export const runSchema = z.strictObject({
  format: z.literal('tandem.simulate/1'),
  kind: z.literal('run'),
  environment: z.string(),
  seed: z.number(),
  goalSeconds: amount.nullable(),
  workloads: z.array(workload),
});

const outcome = z.strictObject({
  waitSeconds: z.strictObject({ p50: amount, p95: amount, p99: amount }).describe('Of the workload with the longest.'),
  ...{ instanceHours: amount, usd: amount.nullable(), lostSeconds: amount, undoneJobs: amount },
});

const side = z.strictObject({
  settings: z.record(z.string(), z.number()).describe('Percent: of what is configured.'),
  outcome,
  check: outcome.nullable().describe('Of other chance; null where the search was stopped.'),
});

const fitSchema = z.strictObject({
  format: z.literal('tandem.simulate/1'),
  kind: z.literal('fit'),
  ...{ environment: z.string(), goalSeconds: amount, seed: z.number(), workloads: z.array(z.string()) },
  ...{ before: side, after: side },
  yaml: z.string().describe('Lines for the file of the environment; empty where nothing is to be changed.'),
  ...{ tried: amount, known: amount, isComplete: z.boolean() },
});

const span = z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() });

const recordSchema = z.strictObject({
  format: z.literal('tandem.simulate/1'),
  kind: z.literal('record'),
  ...{ environment: z.string(), file: z.string(), isJoined: z.boolean(), period: span, jobs: amount },
  gaps: z.array(span).describe('Times without figures.'),
  waits: z
    .array(z.strictObject({ from: z.iso.datetime(), jobs: amount, p50Seconds: amount, p95Seconds: amount }))
    .describe('What jobs really waited, day by day.'),
});

/** What `tandem simulate ENVIRONMENT --json` prints, also with `--fit` and `--record`. */
export const simulateSchema = z.discriminatedUnion('kind', [runSchema, fitSchema, recordSchema]);
