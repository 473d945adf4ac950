import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { maybe, several, takes, toggle } from '../../flags.ts';

export const cloudRecoverVerb = defineVerb({
  brief: 'Lead a cloud out of the dark, after all its databases stopped',
  description: [
    'Asks every host how far its database had come, says which is newest and why, and shows the steps. Nothing is guessed: a host that does not',
    'answer, or positions of two clusters, are refused. With --run the steps run one after the other and are noted in the journal: an',
    'interrupted recovery goes on when the command is run again.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud recover paris', does: 'which database is newest, and what to run' },
    { command: 'tandem cloud recover paris --run', does: 'ask, and run it' },
    { command: 'tandem cloud recover paris --without control-c-1 --run', does: 'give up a host that is lost' },
  ],
  flags: {
    run: toggle('Run the steps; without it they are only shown'),
    without: several(String, 'Go on without this host, and lose what only it has; may be given several times', 'HOST'),
  },
  arguments: takes(maybe(cloudArgument)),
  asks: true,
  action: async (context, { run, without }, cloud) =>
    (await import('../../../actions/cloud/recover.ts')).recoverCloud(context, { cloud, run, without }),
  json: {
    format: 'tandem.cloud-recover/1',
    schema: async () => (await import('../../../actions/cloud/schemas/recover.ts')).recoverSchema,
  },
  render: async (result) => (await import('../../render/cloud-recover.ts')).renderRecovery(result),
});
