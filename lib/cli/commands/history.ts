import { defineVerb } from '../define-verb.ts';
import { maybe, optional, optionalText, takes, texts, wholeNumber, word } from '../flags.ts';
import { since } from '../since.ts';

export const historyVerb = defineVerb({
  brief: 'Who changed what, when, under whose approval, from which commit',
  description: [
    'Reads the journal, newest operation first; asks no cloud. With an operation (its id, or as much of its beginning or end as only one',
    'has): all of its steps, and who acted in the clouds. Entries are chained by hash: where one was removed, changed or put in, it says so.',
  ].join('\n'),
  examples: [
    { command: 'tandem history' },
    { command: 'tandem history --stack prod --since 7d', does: 'what was done to prod in the last week' },
    {
      command: 'tandem history --by alice --verb env',
      does: "alice's work on dev environments, and what she approved",
    },
    { command: 'tandem history 20261121T032210123-9f3a1c', does: 'one operation, step by step' },
  ],
  flags: {
    stack: texts('Operations on these stacks only', 'STACK'),
    since: optional(since, 'Since a day, an instant, or a time before now: 2026-11-21, 12h, 7d', 'WHEN'),
    by: optionalText('Whose name, ARN or approval has this in it', 'TEXT'),
    verb: optionalText('This verb only: deploy, destroy, env create', 'VERB'),
    limit: optional(wholeNumber(1, 100_000), 'Operations at most; default: 20', 'N'),
  },
  arguments: takes(maybe(word('Operation', 'operation'))),
  action: async (context, { stack, ...flags }, operation) =>
    (await import('../../actions/history/history.ts')).history(context, { ...flags, stacks: stack, operation }),
  json: {
    format: 'tandem.history/1',
    schema: async () => (await import('../../actions/history/schema.ts')).historySchema,
  },
  render: async (result) => (await import('../render/history.ts')).renderHistory(result),
});
