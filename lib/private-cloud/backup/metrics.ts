import { BACKUP_TIME } from '../alerts/backups.ts';
import type { BackupManifest } from './manifest.ts';

/** Its size as it is kept, in bytes. */
const BACKUP_SIZE = 'tandem_backup_size_bytes';

/** File in the destination and on the database host, in the text format that a node exporter's textfile collector reads. */
export const METRICS_FILE = 'tandem_backup.prom';

/** The newest backup of each kind as metrics. Pure. */
export function backupMetrics(cloud: string, backups: readonly BackupManifest[]): string {
  const newest = (['full', 'incremental'] as const).flatMap((kind) => {
    const ofKind = backups.filter((each) => each.kind === kind).sort((a, b) => a.endedAt.localeCompare(b.endedAt));
    return ofKind.slice(-1);
  });
  const lines = (name: string, help: string, valueOf: (backup: BackupManifest) => number): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...newest.map((each) => `${name}{cloud="${cloud}",kind="${each.kind}"} ${valueOf(each)}`),
  ];
  return [
    ...lines(BACKUP_TIME, 'When the last good backup ended.', ({ endedAt }) => Math.floor(Date.parse(endedAt) / 1000)),
    ...lines(BACKUP_SIZE, 'Size of the last good backup, encrypted.', ({ files }) =>
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    ),
    '',
  ].join('\n');
}
