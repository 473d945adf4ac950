import { JOB_STATES } from '../../../jobs/record.ts';
import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { type Flag, optional, optionalText, takes, wholeNumber } from '../../flags.ts';
import { since } from '../../since.ts';

const states: Flag<readonly (typeof JOB_STATES)[number][] | undefined> = {
  spec: {
    kind: 'enum',
    values: JOB_STATES,
    brief: 'Jobs in this state; may be given several times',
    optional: true,
    variadic: true,
  },
};

export const jobListVerb = defineVerb({
  brief: 'List jobs, the newest first, and what the queues hold',
  examples: [
    { command: 'tandem job list prod' },
    { command: 'tandem job list prod --state failed --since 12h' },
    { command: 'tandem job list prod --state running --json' },
  ],
  flags: {
    state: states,
    queue: optionalText('Jobs of one queue', 'NAME'),
    since: optional(since, 'Submitted since: an age (90m, 12h, 7d), a day, or an instant', 'TIME'),
    limit: optional(wholeNumber(1, 1000), 'Jobs on a page; default: 50', 'N'),
    page: optionalText('Go on after a page, with the mark that it shows', 'MARK'),
  },
  arguments: takes(environmentArgument),
  action: async (context, { state, ...flags }, environment) =>
    (await import('../../../actions/job/list.ts')).list(context, { environment, states: state, ...flags }),
  json: {
    format: 'tandem.job-list/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).listSchema,
  },
  render: async (result, _view, flags) => (await import('../../render/job.ts')).renderJobs(result, flags),
});
