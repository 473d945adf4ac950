import { environmentArgument, jobArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesThen } from '../../flags.ts';

export const jobRetryVerb = defineVerb({
  brief: 'Send failed or cancelled jobs again, under the same ids',
  description: [
    'Jobs that wait, run or have a result are told, and left alone. Exit code 1 where one of them was not sent.',
    '`tandem job redrive` does it for a whole dead-letter queue.',
  ].join('\n'),
  examples: [{ command: 'tandem job retry prod 2026-11-28.eu.4711 2026-11-28.eu.4712' }],
  arguments: takesThen(environmentArgument, { ...jobArgument, brief: 'Ids of jobs' }, 1),
  acts: true,
  action: async (context, _flags, environment, ...ids) =>
    (await import('../../../actions/job/retry.ts')).retry(context, { environment, ids }),
  json: {
    format: 'tandem.job-retry/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).retrySchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderRetried(result),
  exitCode: ({ jobs }) => (jobs.every(({ outcome }) => outcome === 'sent') ? 0 : 1),
});
