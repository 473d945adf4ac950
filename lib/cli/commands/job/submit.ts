import { environmentArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, takesThen } from '../../flags.ts';

export const jobSubmitVerb = defineVerb({
  brief: 'Send jobs to a cluster, each once',
  description: [
    'Reads JSON lines, a JSON array, or one object, from files, folders (.json, .jsonl, .ndjson) or standard input. A job is an object; its',
    '`id` names its result, and one without gets an id from its content. All input is checked before anything is sent.',
    'The same command again sends nothing twice; one that was cut off goes on.',
  ].join('\n'),
  examples: [
    { command: 'tandem job submit prod jobs.jsonl' },
    {
      command: 'tandem job submit prod night/ --queue urgent --id-prefix 2026-11-28.',
      does: 'each night has ids of its own',
    },
    { command: 'jq -c .[] jobs.json | tandem job submit prod -' },
  ],
  flags: {
    queue: optionalText('Queue; default: the one named jobs, or the only one', 'NAME'),
    idPrefix: optionalText('Stands before the id of each job', 'TEXT'),
  },
  arguments: takesThen(environmentArgument, {
    brief: 'Files and folders with jobs, - for standard input; standard input where none is named',
    placeholder: 'file',
    parse: String,
  }),
  acts: true,
  action: async (context, flags, environment, ...inputs) =>
    (await import('../../../actions/job/submit.ts')).submit(context, {
      ...{ environment, inputs, queue: flags.queue, idPrefix: flags.idPrefix, stdin: process.stdin },
    }),
  json: {
    format: 'tandem.job-submit/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).submitSchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderSubmitted(result),
});
