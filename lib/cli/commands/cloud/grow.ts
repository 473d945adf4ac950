import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, oneOf, takes, toggle } from '../../flags.ts';

export const cloudGrowVerb = defineVerb({
  brief: 'Move services to hosts of their own, or back, without losing a majority or an address',
  description: [
    'Shows the steps as exact commands, each simulated, with what is unavailable in it. With --execute they run one after the other and',
    'are noted in the journal: an interrupted run goes on when the command is run again.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud grow paris --to converged', does: 'show the steps' },
    { command: 'tandem cloud grow paris --to separated --execute', does: 'ask, and run them' },
  ],
  flags: {
    to: oneOf(['starter', 'converged', 'separated'], 'Layout to change to'),
    execute: toggle('Run the steps; without it they are only shown'),
  },
  arguments: takes(maybe(cloudArgument)),
  asks: true,
  action: async (context, { to, execute }, cloud) =>
    (await import('../../../actions/cloud/grow.ts')).growCloud(context, { cloud, to, execute }),
  json: {
    format: 'tandem.cloud-grow/1',
    schema: async () => (await import('../../../actions/cloud/schemas/small.ts')).growSchema,
  },
  render: async (result) => (await import('../../render/cloud-grow.ts')).renderGrow(result),
});
