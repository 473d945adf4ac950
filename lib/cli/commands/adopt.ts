import { stackArgument } from '../arguments.ts';
import { defineVerb } from '../define-verb.ts';
import { lockTimeout, optionalText, takes, toggle } from '../flags.ts';

export const adoptVerb = defineVerb({
  brief: 'Take over a stack that another state deployed',
  description: [
    'A stack carries a mark in its cloud that says whose state it belongs to, and everything else is refused there. This takes the mark',
    'over, after you typed the name of the stack; where nobody can type, --lineage names the very mark that is taken over. --yes does not',
    'answer it. The next plan imports what is there. A stack that this plan would replace or delete parts of is refused: an import does not',
    'read back all that a resource was made from. Prefer working with the state that deployed it, where that still exists.',
  ].join('\n'),
  examples: [
    { command: 'tandem adopt openstack/paris/base' },
    {
      command: 'tandem adopt openstack/paris/base --lineage 0b7c1a52-6c1e-4b58-9d0e-6f3a2f1c9d11',
      does: 'in CI, from that very state',
    },
  ],
  flags: {
    lineage: optionalText('The mark that is taken over: its lineage, or "unmarked"; not asked then', 'ID'),
    allowReplace: toggle('Take it over although the next plan replaces or deletes what is there'),
    lockTimeout,
  },
  arguments: takes(stackArgument),
  action: async (context, flags, stack) =>
    (await import('../../actions/adopt/adopt.ts')).adopt(context, {
      stack,
      lineage: flags.lineage,
      allowReplace: flags.allowReplace,
      lockTimeoutSeconds: flags.lockTimeout,
    }),
  json: {
    format: 'tandem.adopt/1',
    schema: async () => (await import('../../actions/adopt/schema.ts')).adoptSchema,
    document: ({ stack, from, lineage }) => ({
      ...{ stack, lineage },
      from: from === null ? null : { lineage: from.lineage ?? null, by: from.by, at: from.at, place: from.place },
    }),
  },
  render: ({ stack, from }) =>
    from === null
      ? `${stack} belongs to this state already.\n`
      : `${stack} belongs to this state now. \`tandem plan --live ${stack}\` shows what it imports and changes.\n`,
});
