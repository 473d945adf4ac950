import { environmentArgument, jobArgument } from '../../arguments.ts';
import { pieces } from '../../context.ts';
import { defineVerb } from '../../define-verb.ts';
import { optionalText, takes, toggle } from '../../flags.ts';

export const jobResultVerb = defineVerb({
  brief: 'Fetch the result of a job',
  description: [
    'Writes it to standard output, or to a file, which is there once it is whole: what was fetched of a large one is kept beside it, and',
    'the next run goes on from there. With --json, and no file, only its size and time are shown.',
  ].join('\n'),
  examples: [
    { command: 'tandem job result prod 2026-11-28.eu.4711 | jq .most' },
    { command: 'tandem job result prod 2026-11-28.eu.4711 --out result.parquet' },
  ],
  flags: {
    out: optionalText('File to write', 'FILE'),
    force: toggle('Replace the file'),
  },
  arguments: takes(environmentArgument, jobArgument),
  acts: true,
  action: async (context, { out, force, json }, environment, id) =>
    (await import('../../../actions/job/result.ts')).result(context, {
      ...{ environment, id, out, force },
      ...(json ? {} : { write: pieces(process.stdout) }),
    }),
  json: {
    format: 'tandem.job-result/1',
    schema: async () => (await import('../../../actions/job/schema.ts')).resultSchema,
  },
  render: async (result) => (await import('../../render/job.ts')).renderResult(result),
});
