import type { Alert, Watched } from './alert.ts';

/** Time of the last good backup, in seconds since 1970, by cloud and kind: a metric. */
export const BACKUP_TIME = 'tandem_backup_last_success_timestamp_seconds';

/** The newest full backup, where the configuration has any: `cloud backup` leaves its time to the node exporter of the database host. */
export function backupAlerts({ name, cloud }: Watched): Alert[] {
  const hours = cloud.kolla?.backup?.maximumAgeHours;
  if (hours === undefined) return [];
  const time = `${BACKUP_TIME}{cloud="${name}",kind="full"}`;
  return [
    {
      name: 'BackupTooOld',
      // After a change of members an old host tells of an old one.
      expr: `time() - max(${time}) > ${hours} * 3600 or absent(${time})`,
      forMinutes: 60,
      severity: 'warning',
      summary: `The newest full backup is older than ${hours} hours, or there is none.`,
      prediction: 'if the database is deleted or damaged on all members, what was written since is lost',
      runbook: `tandem cloud backup ${name}`,
    },
  ];
}
