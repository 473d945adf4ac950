import { runDocument } from '../../actions/simulate/document.ts';
import { environmentArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { optional, optionalText, takes, texts, wholeNumber } from '../flags.ts';

export const simulateVerb = defineVerb({
  brief: 'Simulate the scaling of a cluster: how long jobs wait, what runs, what it costs, what the best possible is',
  description: [
    'Runs workloads through the fleet of an environment, as its template has it, on a model of Auto Scaling, and through the same fleet',
    "under AWS's own policies. Asks no cloud. docs/simulate.md has the rules, with their sources.",
    '',
    'A workload is a file or a made one. Files: .swf (Standard Workload Format) and .csv, each also with .gz. CSV names its columns in',
    'the first line: jobs have time, duration (seconds) and size; rates have time, jobs, mean_seconds and p95_seconds.',
    'Made ones: made:social-week, made:profile-growth, made:burst.',
  ].join('\n'),
  examples: [
    { command: 'tandem simulate prod', does: 'on its recorded workload, or a made week' },
    {
      command: 'tandem simulate prod --workload jobs.csv.gz --goal 300',
      does: 'jobs that wait more than 300 s are late',
    },
    { command: 'tandem simulate prod --workload made:burst --policies configured' },
    { command: 'tandem simulate prod --workload log.swf --html simulation.html', does: 'with pictures' },
    { command: 'tandem simulate prod --workload made:burst --workload log.swf --json' },
  ],
  flags: {
    workload: texts('File, or made:NAME; several may be given; default: the recorded one, or made:social-week', 'FILE'),
    policies: optionalText(
      'Which to simulate: configured, tandem, target-tracking, step-scaling, predictive; default: all',
      'NAME[,NAME]',
    ),
    goal: optional(wholeNumber(1, 604_800), 'Seconds that a job may wait; default: none is late', 'SECONDS'),
    spotInterruptions: optional(
      wholeNumber(0, 100),
      'Percent of the Spot instances that are interrupted in an hour; default: 0',
      'PERCENT',
    ),
    html: optionalText('Also write one page with pictures, which needs nothing else', 'FILE'),
    seed: optional(wholeNumber(1, 1_000_000_000), 'Seed of all chance; default: 1', 'N'),
  },
  arguments: takes(environmentArgument),
  action: async (context, { workload: workloads, policies, goal: goalSeconds, ...flags }, environment) =>
    (await import('../../actions/simulate/run.ts')).run(context, {
      ...{ environment, workloads, goalSeconds },
      ...{ html: flags.html, seed: flags.seed, spotInterruptions: flags.spotInterruptions },
      policies: policies?.split(','),
    }),
  json: {
    format: 'tandem.simulate/1',
    schema: async () => (await import('../../actions/simulate/schema.ts')).runSchema,
    document: runDocument,
  },
  render: async (result, view) => (await import('../render/simulate.ts')).renderRun(result, view),
});
