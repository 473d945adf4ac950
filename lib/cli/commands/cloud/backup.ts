import { cloudArgument } from '../../arguments.ts';
import { defineVerb } from '../../define-verb.ts';
import { lockTimeout, maybe, optionalText, takes, toggle } from '../../flags.ts';

export const cloudBackupVerb = defineVerb({
  brief: "List and take backups of a cloud's database and of OVN",
  description: [
    'Backups are what `kolla-ansible mariadb-backup` takes, both databases of OVN and the tree, encrypted to the recipients of',
    'kolla.backup before they are written. --timer writes the units of systemd that take them at the times of the configuration.',
  ].join('\n'),
  examples: [
    { command: 'tandem cloud backup paris', does: 'list them; exit code 1 where the newest full one is too old' },
    { command: 'tandem cloud backup paris --now', does: 'take one, and remove what is no longer kept' },
    { command: 'tandem cloud backup paris --check', does: 'read every one to its end' },
    { command: 'tandem cloud backup paris --timer /etc/systemd/system', does: 'take them by themselves' },
  ],
  flags: {
    now: toggle('Take one'),
    incremental: toggle('With --now: only what changed since the last full one'),
    check: toggle('Compare every file with the checksum that was written'),
    timer: optionalText('Write units of systemd into a folder', 'DIR'),
    lockTimeout,
  },
  arguments: takes(maybe(cloudArgument)),
  acts: true,
  action: async (context, { now, incremental, check, timer, lockTimeout: lockTimeoutSeconds }, cloud) =>
    (await import('../../../actions/cloud/backup.ts')).backupCloud(context, {
      ...{ cloud, now, incremental, check, timer, lockTimeoutSeconds },
    }),
  json: {
    format: 'tandem.cloud-backup/1',
    schema: async () => (await import('../../../actions/cloud/schemas/keep.ts')).backupSchema,
  },
  render: async (result) => (await import('../../render/cloud-backup.ts')).renderBackups(result),
  exitCode: ({ state, backups }) => (state === 'good' && backups.every((each) => !each.problems?.length) ? 0 : 1),
});
