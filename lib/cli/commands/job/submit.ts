import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { named, optionalText, takesThen, word } from '../../flags.ts';

export const jobSubmitVerb = defineVerb({
  brief: 'Send jobs to a cluster, each once',
  description: [
    'Reads JSON lines, a JSON array, or one object, from files, folders (.json, .jsonl, .ndjson) or standard input. A job is an object; its',
    '`id` names its result, and one without gets an id from its content. All input is checked before anything is sent.',
    'A dev environment whose blueprint runs an AWS endpoint takes jobs as a cluster does: its name is env/NAME in all `job` commands.',
    'The same command again sends nothing twice; one that was cut off goes on.',
  ].join('\n'),
  examples: [
    { command: 'tandem job submit prod jobs.jsonl' },
    {
      command: 'tandem job submit prod night/ --queue urgent --id-prefix 2026-11-28.',
      does: 'each night has ids of its own',
    },
    { command: 'jq -c .[] jobs.json | tandem job submit prod -' },
    {
      command: 'tandem job submit --env alice jobs.jsonl',
      does: 'to the workers of a dev environment; other verbs say env/alice',
    },
  ],
  flags: {
    env: named(optionalText('Dev environment that gets the jobs; then only files stand behind it', 'NAME'), 'dev'),
    queue: optionalText('Queue; default: the one named jobs, or the only one', 'NAME'),
    idPrefix: optionalText('Stands before the id of each job', 'TEXT'),
  },
  arguments: takesThen(
    environmentArgument,
    word('Files and folders with jobs, - for standard input; standard input where none is named', 'file'),
  ),
  acts: true,
  action: async (context, { env, queue, idPrefix }, first, ...rest) => {
    const [environment, inputs] = env === undefined ? [first, rest] : [`env/${env}`, [first, ...rest]];
    const { submit } = await import('../../../actions/job/submit.ts');
    return submit(context, { environment, inputs, queue, idPrefix, stdin: process.stdin });
  },
  json: {
    format: 'tandem.job-submit/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).submitSchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderSubmitted(result),
});
