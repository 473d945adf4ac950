import type { BackupCloudResult } from '../../actions/cloud/backup.ts';
import type { RestoreCloudResult } from '../../actions/cloud/restore.ts';
import type { Differences, Resource } from '../../private-cloud/backup/differences.ts';
import { bytes } from '../../text/bytes.ts';
import { duration, minuteOf } from '../../text/duration.ts';
import { asLines } from '../../text/lines.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { stepLines } from './kolla-action.ts';

const STATES = { good: 'young enough', 'too-old': 'TOO OLD', none: 'NOT THERE' } as const;

/** The backups, newest last, and whether the newest full one is young enough. */
export function renderBackups(result: BackupCloudResult): string {
  const { cloud, destination, state, maximumAgeHours, taken, backups, units } = result;
  const rows = backups.map(({ id, kind, endedAt, files, database, problems }) => [
    ...[id, kind, minuteOf(endedAt), bytes(files.reduce((sum, each) => sum + each.bytes, 0))],
    `seqno ${database.seqno} to ${database.seqnoAfter}`,
    problems === null ? '' : problems.length === 0 ? 'whole' : problems.join('; '),
  ]);
  const lines = [
    ...table(rows, { head: ['backup', 'kind', 'ended (UTC)', 'size', 'database', 'check'], right: [3] }),
    ...(taken === null ? [] : [`${taken} was taken.`]),
    `The newest full backup of ${cloud} in ${destination} is ${STATES[state]} (at most ${duration(maximumAgeHours * 3600)}).`,
  ];
  if (units.length > 0) {
    const timers = units.filter((file) => file.endsWith('.timer')).map((file) => file.split('/').at(-1) ?? '');
    lines.push(`${counted(units.length, 'unit')} written. Where systemd looks for them:`);
    lines.push(`  systemctl daemon-reload && systemctl enable --now ${timers.join(' ')}`);
  }
  return asLines(lines);
}

/** The steps of a restore as people read and type them. */
export function renderRestore(result: RestoreCloudResult): string {
  const { cloud, backup, at, alive, steps, executed, outageSeconds, differences } = result;
  const compared = differences === null ? [] : differenceLines(differences);
  if (executed) {
    const outage = outageSeconds === null ? '' : ` Without a database for ${duration(outageSeconds)}.`;
    const head = `${cloud} has the database of ${at} (${backup}); every member is synced.${outage}`;
    return asLines([head, ...compared, AFTER]);
  }
  if (differences !== null) return asLines(compared);
  const live =
    alive.length === 0
      ? 'No member of the database answers.'
      : `The database answers on ${alive.join(', ')}: --run needs --over-live too.`;
  const total = `${counted(steps.length, 'step')}. ${live} Nothing was executed: --run does.`;
  return asLines([...stepLines(steps), total]);
}

function differenceLines({ orphans, absent, unasked }: Differences): string[] {
  const list = (head: string, resources: readonly Resource[]): string[] =>
    resources.length === 0
      ? []
      : [
          `${head}: ${counted(resources.length, 'resource')}`,
          ...table(
            resources.map(({ kind, id, where }) => [kind, id, where]),
            { indent: 2, right: [] },
          ),
        ];
  return [
    ...list('Made since the backup, so that no service knows it', orphans),
    ...list('Deleted since the backup, and known again', absent),
    ...(orphans.length + absent.length === 0
      ? ['Networks, routers, ports and servers are those that the services know.']
      : []),
    ...(unasked.length === 0 ? [] : [`Not asked, since they do not answer: ${unasked.join(', ')}.`]),
  ];
}

const AFTER = 'Volumes and rows of other services are to be compared by hand: see "After a restore" in docs/kolla.md.';
