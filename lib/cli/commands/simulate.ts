import { usage } from '../../actions/errors.ts';
import { type SimulateResult, simulateDocument } from '../../actions/simulate/document.ts';
import { environmentArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { type Flag, optional, optionalText, takes, texts, toggle, wholeNumber } from '../flags.ts';

const { spec } = texts(
  'File, or made:NAME; several may be given; default: the recorded one, or made:social-week',
  'FILE',
);
const workloadFlag: Flag<readonly string[] | undefined> = {
  spec: {
    ...spec,
    proposeCompletions: async (partial) =>
      (await import('../../simulate/workload/open.ts')).MADE_NAMES.filter((name) => name.startsWith(partial)),
  },
};

export const simulateVerb = defineVerb({
  brief: 'Simulate the scaling of a cluster: how long jobs wait, what runs, what it costs, what the best possible is',
  description: [
    'Runs workloads through the fleet of an environment, as its template has it, on a model of Auto Scaling, and through the same fleet',
    "under AWS's own policies. Asks no cloud. docs/simulate.md has the rules, with their sources.",
    '',
    'A workload is a file or a made one. Files: .swf (Standard Workload Format) and .csv, each also with .gz. CSV names its columns in',
    'the first line: jobs have time, duration (seconds) and size; rates have time, jobs, mean_seconds and p95_seconds.',
    'Made ones: made:social-week, made:profile-growth, made:burst, and made:mass-restart, in which 300 instances fail at once.',
    '',
    '--fit searches for settings with which 95 of 100 jobs wait at most as long as --goal says, at least cost, and prints the lines to write.',
    'It uses all cores; Ctrl-C ends it with the best so far, and the same command goes on from there.',
    '',
    '--record takes the workload of the running cluster from CloudWatch and writes config/workloads/ENVIRONMENT.csv: how many jobs came in',
    'each minute, and how long jobs ran. A later recording replaces what it tells of, and keeps the rest.',
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
    { command: 'tandem simulate prod --record', does: 'writes config/workloads/prod.csv' },
    { command: 'tandem simulate prod --fit --goal 300', does: 'which settings reach it at least cost' },
  ],
  flags: {
    workload: workloadFlag,
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
    fit: toggle('Search for settings that reach --goal at least cost'),
    tries: optional(wholeNumber(1, 10_000), 'With --fit, settings that are tried at most; default: 80', 'N'),
    record: toggle('Write the workload of the running cluster beside the configuration'),
    days: optional(wholeNumber(1, 63), 'With --record, how far back; default: 14; from 16 on by five minutes', 'DAYS'),
    seed: optional(wholeNumber(1, 1_000_000_000), 'Seed of all chance; default: 1', 'N'),
  },
  arguments: takes(environmentArgument),
  action: async (context, flags, environment): Promise<SimulateResult> => {
    const { workload: workloads, policies, goal: goalSeconds, spotInterruptions, seed, fit, tries: budget } = flags;
    if (fit && flags.record) throw usage('got --fit and --record', 'record first, then fit');
    if (!fit && budget !== undefined) throw usage('--tries is of a search', 'add --fit');
    if (!flags.record && flags.days !== undefined) throw usage('--days is of a recording', 'add --record');
    if (flags.record)
      return (await import('../../actions/simulate/record.ts')).record(context, { environment, days: flags.days });
    const options = { environment, workloads, spotInterruptions, seed };
    if (!fit)
      return (await import('../../actions/simulate/run.ts')).run(context, {
        ...{ ...options, goalSeconds, html: flags.html, policies: policies?.split(',') },
      });
    if (goalSeconds === undefined) throw usage('--fit has no goal', 'add --goal, e.g. --goal 300');
    return (await import('../../actions/simulate/fit.ts')).fit(context, { ...options, goalSeconds, budget });
  },
  json: {
    format: 'tandem.simulate/1',
    schema: async () => (await import('../../actions/simulate/schema.ts')).simulateSchema,
    document: simulateDocument,
  },
  // A search that was stopped has an answer, but not the one that was asked for.
  exitCode: (result) => ('kind' in result && result.kind === 'fit' && !result.isComplete ? 1 : 0),
  render: async (result, view) => {
    if (!('kind' in result)) return (await import('../render/simulate.ts')).renderRun(result, view);
    const { renderFit, renderRecord } = await import('../render/simulate-fit.ts');
    return result.kind === 'fit' ? renderFit(result, view) : renderRecord(result, view);
  },
});
