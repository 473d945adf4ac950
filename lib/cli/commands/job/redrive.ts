import { environmentArgument, jobArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optional, optionalText, takesThen, toggle, wholeNumber } from '../../flags.ts';

export const jobRedriveVerb = defineVerb({
  brief: 'Move dead letters back to their queue',
  description: [
    'Shows the dead letters and why their jobs failed, asks, and moves them: all, by SQS itself, or those of the jobs that are named.',
    'Exit code 1 where a named job has no dead letter.',
  ].join('\n'),
  examples: [
    { command: 'tandem job redrive prod --dry-run', does: 'only shows them' },
    { command: 'tandem job redrive prod --queue urgent --per-second 50' },
    { command: 'tandem job redrive prod 2026-11-28.eu.4711' },
  ],
  flags: {
    queue: optionalText('Queue; default: the one named jobs, or the only one', 'NAME'),
    perSecond: optional(
      wholeNumber(1, 500),
      'Messages moved in a second at most, where all are moved; default: as SQS does it',
      'N',
    ),
    dryRun: toggle('Show the dead letters, and move none'),
  },
  arguments: takesThen(environmentArgument, { ...jobArgument, brief: 'Ids of jobs; all where none is named' }),
  asks: true,
  action: async (context, { queue, perSecond, dryRun }, environment, ...ids) => {
    const { renderDeadLetters: describe } = await import('../../render/job.ts');
    const { redrive } = await import('../../../actions/job/redrive.ts');
    return redrive(context, { environment, ids, queue, perSecond, dryRun, describe });
  },
  json: {
    format: 'tandem.job-redrive/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).redriveSchema,
  },
  render: async (result, _view, flags) => (await import('../../render/job.ts')).renderRedriven(result, flags),
  exitCode: ({ missing }) => (missing.length === 0 ? 0 : 1),
});
