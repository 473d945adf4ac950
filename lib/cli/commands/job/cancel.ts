import { environmentArgument, jobArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesThen } from '../../flags.ts';

export const jobCancelVerb = defineVerb({
  brief: 'Cancel jobs that wait',
  description: [
    'A cancelled job is taken from its queue without being run, when its turn comes; `tandem job retry` sends it again. Jobs that run, and',
    'those that ran, are told, and left alone. Exit code 1 where one of them was not cancelled.',
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
