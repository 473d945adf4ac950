import { hostArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesAny, toggle } from '../../flags.ts';
import { membersFlags, membersOutput, newHostArgument } from './members.ts';

export const cloudRemoveVerb = defineVerb({
  brief: 'Remove hosts that the configuration no longer has: emptied, forgotten by every member, stopped for good',
  description: [
    'Take the hosts out of config/clouds first; a removal that breaks a promise is refused there. Shows the steps, each simulated.',
    'With --off the hosts are off already and stay so: nothing is done on them, and the others forget them.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud remove compute-a-6', does: 'show the steps' },
    { command: 'tandem cloud remove queue-c-2 queue-c-3 --run', does: 'ask, and run them' },
    {
      command: 'tandem cloud remove compute-a-6 --off --run',
      does: 'forget a host that died; its servers are rebuilt elsewhere',
    },
  ],
  flags: { ...membersFlags, off: toggle('The hosts are off, and stay so') },
  arguments: takesAny({ ...hostArgument, ...newHostArgument }, 1),
  asks: true,
  action: async (context, { cloud, run, off }, ...hosts) =>
    (await import('../../../actions/cloud/members.ts')).changeHosts(context, {
      ...{ cloud, run, off, ask: { verb: 'remove', hosts } },
    }),
  ...membersOutput,
});
