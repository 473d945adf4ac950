import { defineVerb } from '../../define-verb.ts';
import { cloudFlag, takes, toggle, word } from '../../flags.ts';

export const cloudRestoreVerb = defineVerb({
  brief: "Restore a cloud's database from a backup",
  description: [
    'Shows the steps, each simulated, and what is unavailable in it. With --run they run one after the other and are noted in the',
    'journal: an interrupted restore goes on when the command is run again. What was written since the backup is lost.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud restore 20261128T023000Z-full', does: 'show the steps' },
    { command: 'tandem cloud restore 20261128T023000Z-full --cloud paris --run', does: 'ask, and run them' },
    {
      command: 'tandem cloud restore 20261128T023000Z-full --compare',
      does: 'list what was made since, and no service knows',
    },
  ],
  flags: {
    cloud: cloudFlag,
    run: toggle('Run the steps; without it they are only shown'),
    overLive: toggle('Replace a database that answers'),
    compare: toggle('Compare what exists with what the services know, as after a restore; changes nothing'),
  },
  arguments: takes(word('Backup, as `tandem cloud backup` lists it', 'backup')),
  asks: true,
  action: async (context, { cloud, run, overLive, compare }, backup) =>
    (await import('../../../actions/cloud/restore.ts')).restoreCloud(context, {
      backup,
      cloud,
      run,
      overLive,
      compare,
    }),
  json: {
    format: 'tandem.cloud-restore/1',
    schema: async () => (await import('../../../actions/cloud/schemas/keep.ts')).restoreSchema,
  },
  render: async (result) => (await import('../../render/cloud-backup.ts')).renderRestore(result),
});
