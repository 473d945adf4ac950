import { hostArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takes, toggle } from '../../flags.ts';
import { membersFlags, membersOutput, newHostArgument } from './members.ts';

const [old, replacement] = ['old', 'new'].map((placeholder) => ({ ...hostArgument, ...newHostArgument, placeholder }));

export const cloudReplaceVerb = defineVerb({
  brief: 'Replace a host by another: the new one joins everything before the old one leaves it',
  description: [
    'The configuration has the new host instead of the old one. Shows the steps, each simulated; with --run they run.',
    'With --off the old host is off already and stays so: the others forget it before the new one joins.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud replace database-c-1 database-d-1', does: 'show the steps' },
    {
      command: 'tandem cloud replace database-c-1 database-d-1 --off --run',
      does: 'ask, and run them for a host that died',
    },
  ],
  flags: { ...membersFlags, off: toggle('The old host is off, and stays so') },
  arguments: takes(old ?? hostArgument, replacement ?? hostArgument),
  asks: true,
  action: async (context, { cloud, run, off }, before, after) =>
    (await import('../../../actions/cloud/members.ts')).changeHosts(context, {
      ...{ cloud, run, off, ask: { verb: 'replace', old: before, replacement: after } },
    }),
  ...membersOutput,
});
