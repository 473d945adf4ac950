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

/** What `tandem simulate ENVIRONMENT --json` prints. */
export const runSchema = z.strictObject({
  format: z.literal('tandem.simulate/1'),
  kind: z.literal('run'),
  environment: z.string(),
  seed: z.number(),
  goalSeconds: amount.nullable(),
  workloads: z.array(workload),
});
