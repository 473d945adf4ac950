import { hostArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { takesAny } from '../../flags.ts';
import { membersFlags, membersOutput, newHostArgument } from './members.ts';

export const cloudAddVerb = defineVerb({
  brief: 'Add hosts that the configuration has and the cloud does not, service by service',
  description: [
    'Shows the steps, each simulated: the host is set up, joins what it is to join, and every member is asked whether it does.',
    'With --run they run one after the other and are noted in the journal: an interrupted run goes on when the command is run again.',
  ].join('\n'),
  examples: [
    {
      command: 'tandem cloud add compute-a-7',
      does: 'show the steps for a host that config/clouds has and that is not deployed',
    },
    { command: 'tandem cloud add compute-a-7 compute-b-7 --cloud paris --run', does: 'ask, and run them' },
  ],
  flags: membersFlags,
  arguments: takesAny({ ...hostArgument, ...newHostArgument }, 1),
  asks: true,
  action: async (context, { cloud, run }, ...hosts) =>
    (await import('../../../actions/cloud/members.ts')).changeHosts(context, {
      ...{ cloud, run, ask: { verb: 'add', hosts } },
    }),
  ...membersOutput,
});
