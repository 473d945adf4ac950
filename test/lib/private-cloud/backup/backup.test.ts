import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKUP_TIME } from '../../../../lib/private-cloud/alerts/backups.ts';
import * as commands from '../../../../lib/private-cloud/backup/commands.ts';
import type { BackupManifest } from '../../../../lib/private-cloud/backup/manifest.ts';
import { backupId } from '../../../../lib/private-cloud/backup/manifest.ts';
import { backupMetrics } from '../../../../lib/private-cloud/backup/metrics.ts';
import { freshness, toPrune } from '../../../../lib/private-cloud/backup/retention.ts';
import { timerUnits } from '../../../../lib/private-cloud/backup/timer.ts';
import { volumesFolder } from '../../../../lib/private-cloud/kolla/volumes.ts';

function backupAt(at: string, kind: 'full' | 'incremental' = 'full', base: string | null = null) {
  return { id: backupId(new Date(at), kind), kind, base, endedAt: at };
}

const DAY = 86_400_000;
const NOW = new Date('2026-11-28T12:00:00Z');

describe('retention', () => {
  const daily = Array.from({ length: 60 }, (_, day) =>
    backupAt(new Date(Date.parse('2026-11-28T02:40:00Z') - day * DAY).toISOString()),
  );

  it('keeps the last full backup of seven days and of four weeks', () => {
    const gone = new Set(toPrune(daily, { daily: 7, weekly: 4 }, NOW).map(({ id }) => id));
    const kept = daily.filter(({ id }) => !gone.has(id)).map(({ endedAt }) => endedAt.slice(0, 10));
    // Sundays, but for the week that is not over.
    const days = ['11-28', '11-27', '11-26', '11-25', '11-24', '11-23', '11-22', '11-15', '11-08'];
    expect(kept).toEqual(days.map((each) => `2026-${each}`));
  });

  it('loses nothing more where nothing was taken for months', () => {
    const kept = daily.length - toPrune(daily, { daily: 7, weekly: 4 }, new Date('2027-06-01T00:00:00Z')).length;
    expect(kept).toBe(9);
  });

  it('keeps an incremental one for a day, and never without its full one', () => {
    const [full] = daily;
    const young = backupAt('2026-11-28T10:00:00.000Z', 'incremental', full?.id ?? '');
    const orphan = backupAt('2026-11-28T11:00:00.000Z', 'incremental', '20200101T000000Z-full');
    const old = backupAt('2026-11-27T11:00:00.000Z', 'incremental', full?.id ?? '');
    const gone = toPrune([...daily.slice(0, 1), young, orphan, old], { daily: 1, weekly: 0 }, NOW);
    expect(gone.map(({ id }) => id)).toEqual([old.id, orphan.id]);
  });

  it('never lets the newest full backup go, whatever there is', () => {
    const moments = fc.integer({ min: 0, max: 400 }).map((day) => new Date(NOW.getTime() - day * DAY).toISOString());
    fc.assert(
      fc.property(
        fc.uniqueArray(moments, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        (ends, days, weeks) => {
          const all = ends.map((at) => backupAt(at));
          const gone = toPrune(all, { daily: days, weekly: weeks }, NOW);
          const newest = [...ends].sort().at(-1) ?? '';
          expect(gone.map(({ endedAt }) => endedAt)).not.toContain(newest);
          expect(all.length - gone.length).toBeLessThanOrEqual(days + weeks);
        },
      ),
    );
  });

  it('says whether the newest full backup is young enough', () => {
    expect(freshness([], 26, NOW)).toBe('none');
    expect(freshness(daily, 26, NOW)).toBe('good');
    expect(freshness(daily, 9, NOW)).toBe('too-old');
    expect(freshness([backupAt('2026-11-28T11:00:00Z', 'incremental', 'x')], 26, NOW)).toBe('none');
  });
});

describe('what hosts say of backups', () => {
  it('takes the newest file of a kind that is in no backup, and no name that a shell would read', () => {
    const said = [
      '1795831800.1\t100\tfull-28-11-2026-1795831800/backup-full-28-11-2026-1795831800.mbs.gz',
      '1795745400.1\t90\tfull-27-11-2026-1795745400/backup-full-27-11-2026-1795745400.mbs.gz',
      '1795846200.5\t10\tincr-06-30-00-28-11-2026-since-28-11-2026-1795831800/backup-incremental-06-30-00-28-11-2026.mbs.gz',
      '1795846300.5\t10\tx; reboot/a.gz',
      '1795846300.5\t10\t../../etc/a.gz',
      '',
    ].join('\n');
    const files = commands.readVolume(said);
    expect(files).toHaveLength(3);
    const newest = commands.newestOf(files, 'full', new Set());
    expect(newest?.bytes).toBe(100);
    expect(commands.newestOf(files, 'full', new Set([newest?.path ?? '']))?.bytes).toBe(90);
    expect(commands.newestOf(files, 'incremental', new Set())?.bytes).toBe(10);
  });

  it('reads version and position, and nothing from what is neither', () => {
    expect(commands.readVersion('mariadb-backup based on MariaDB server 10.11.6-MariaDB Linux (x86_64)')).toBe(
      '10.11.6',
    );
    expect(commands.readVersion('bash: mariabackup: command not found')).toBeUndefined();
    const said = 'wsrep_cluster_state_uuid\tabc\nwsrep_last_committed\t4711\n';
    expect(commands.readPosition(said)).toEqual({ uuid: 'abc', seqno: 4711 });
    expect(commands.readPosition('ERROR 2002 (HY000)')).toBeUndefined();
  });

  it('looks for the volume where the engine keeps it', () => {
    const volume = (containerEngine: 'docker' | 'podman', folder?: string) =>
      commands.backupVolume(
        volumesFolder({ containerEngine, globals: folder === undefined ? {} : { docker_runtime_directory: folder } }),
      );
    expect(volume('docker')).toBe('/var/lib/docker/volumes/mariadb_backup/_data');
    expect(volume('podman')).toBe('/var/lib/containers/storage/volumes/mariadb_backup/_data');
    expect(volume('docker', '/srv/docker')).toContain('/srv/docker/volumes');
    expect(volume('podman', '')).toBe(volume('podman'));
  });
});

describe('units and metrics', () => {
  const props = {
    ...{ cloud: 'paris', fullAt: '22:30', incrementalHours: 6, root: '/srv/my project', user: 'deploy' },
    command: ['/usr/bin/node', '/srv/tandem/100%/bin/tandem.mjs'],
  };

  it('has incremental backups between the full ones, and words as systemd reads them', () => {
    const units = timerUnits(props);
    expect(units.map(({ name }) => name)).toEqual([
      'tandem-backup-paris.service',
      'tandem-backup-paris.timer',
      'tandem-backup-paris-incremental.service',
      'tandem-backup-paris-incremental.timer',
    ]);
    expect(units[1]?.content).toContain('OnCalendar=*-*-* 22:30:00 UTC');
    expect(units[3]?.content).toContain('OnCalendar=*-*-* 04,10,16:30:00 UTC');
    expect(units[2]?.content).toContain('/100%%/bin/tandem.mjs --project "/srv/my project" --non-interactive cloud');
    expect(units[2]?.content).toContain('--now --incremental --lock-timeout 3600');
    expect(timerUnits({ ...props, incrementalHours: 0 })).toHaveLength(2);
  });

  it('tells the newest of each kind', () => {
    const manifest = { ...backupAt('2026-11-28T02:40:00Z'), files: [{ bytes: 5 }, { bytes: 7 }] };
    const older = { ...backupAt('2026-11-27T02:40:00Z'), files: [{ bytes: 1 }] };
    const text = backupMetrics('paris', [manifest, older] as unknown as BackupManifest[]);
    const seconds = Date.parse('2026-11-28T02:40:00Z') / 1000;
    expect(text).toContain(`\n${BACKUP_TIME}{cloud="paris",kind="full"} ${seconds}\n`);
    expect(text).toContain('tandem_backup_size_bytes{cloud="paris",kind="full"} 12\n');
    expect(text).not.toContain('incremental"');
  });
});
