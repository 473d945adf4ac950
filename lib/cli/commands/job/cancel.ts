import { environmentArgument, jobArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesThen } from '../../flags.ts';

export const jobCancelVerb = defineVerb({
  brief: 'Cancel jobs that wait or run',
  description: [
    'A job that waits is taken from its queue without being run, when its turn comes. One that runs is ended by its machine at the next',
    'heartbeat, within 15 s, with all that it started; what it wrote is thrown away, and `tandem job show` says so then. One that ends before',
    'is done. `tandem job retry` sends a cancelled job again. Jobs that are over are told. Exit code 1 where one was not cancelled.',
  ].join('\n'),
  examples: [{ command: 'tandem job cancel prod 2026-11-28.eu.4711' }],
  arguments: takesThen(environmentArgument, { ...jobArgument, brief: 'Ids of jobs' }, 1),
  acts: true,
  action: async (context, _flags, environment, ...ids) =>
    (await import('../../../actions/job/cancel.ts')).cancel(context, { environment, ids }),
  json: {
    format: 'tandem.job-cancel/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).cancelSchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderCancelled(result),
  exitCode: ({ jobs }) => (jobs.every(({ state }) => state === 'cancelled') ? 0 : 1),
});
