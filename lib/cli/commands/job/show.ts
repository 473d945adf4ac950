import { environmentArgument, jobArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes } from '../../flags.ts';

export const jobShowVerb = defineVerb({
  brief: 'Show what is known of a job: state, attempts, machine, times, why it failed',
  examples: [{ command: 'tandem job show prod 2026-11-28.eu.4711' }],
  arguments: takes(environmentArgument, jobArgument),
  action: async (context, _flags, environment, id) =>
    (await import('../../../actions/job/show.ts')).show(context, { environment, id }),
  json: {
    format: 'tandem.job-show/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).showSchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderJob(result),
});
