import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, oneOf, takes, toggle } from '../../flags.ts';
import { membersJson } from './members.ts';

export const cloudGrowVerb = defineVerb({
  brief: 'Move services to hosts of their own, or back, without losing a majority or an address',
  description: [
    'Shows the steps as exact commands, each simulated, with what is unavailable in it. With --run they run one after the other and',
    'are noted in the journal: an interrupted run goes on when the command is run again.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud grow paris --to converged', does: 'show the steps' },
    { command: 'tandem cloud grow paris --to separated --run', does: 'ask, and run them' },
  ],
  flags: {
    to: oneOf(['starter', 'converged', 'separated'], 'Layout to change to'),
    run: toggle('Run the steps; without it they are only shown'),
  },
  arguments: takes(maybe(cloudArgument)),
  asks: true,
  action: async (context, { to, run }, cloud) =>
    (await import('../../../actions/cloud/members.ts')).growCloud(context, { cloud, to, run }),
  json: membersJson,
  render: async (result) => (await import('../../render/cloud-members.ts')).renderGrow(result),
});
