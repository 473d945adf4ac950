import type { ChangeOutcome } from './change.ts';
import type { DarkStart } from './dark-start.ts';
import type { ReadBack } from './measure.ts';
import type { RestoreOutcome } from './restore.ts';

export const seconds = (value: number | undefined): string => (value === undefined ? 'never' : `${value.toFixed(1)} s`);

export function darkStartLines(starts: readonly DarkStart[]): readonly string[] {
  const rows = starts.map(
    ({ order, early, founder, positions, recoveredSeconds, healthySeconds, readBack, faults }) => {
      const power = `${order.join(', ')}${early.length === 0 ? '' : ` (${early.join(', ')} off before the others)`}`;
      const at = Object.entries(positions).map(([host, seqno]) => `${host} ${seqno}`);
      const lost = Object.values(readBack).reduce((sum, read) => sum + read.lost, 0);
      const all = Object.values(readBack).reduce((sum, read) => sum + read.acknowledged, 0);
      const cells = [
        power,
        at.join(', '),
        founder ?? 'nobody: they found each other',
        seconds(recoveredSeconds),
        seconds(healthySeconds),
        `${lost} of ${all}`,
      ];
      return `| ${[...cells, faults.length === 0 ? 'none' : `**${faults.join('; ')}**`].join(' | ')} |`;
    },
  );
  return [
    '## Dark starts',
    '',
    'Every host lost its power at once, and but where it says so no database found the others by itself; times from the last and from the first host with power.',
    '',
    '| power returns to | last writes | founded by | recovered | every service healthy | acknowledged writes lost | wrong |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ];
}

/** A deleted database and its restore. */
export function restoreLines(outcome: RestoreOutcome): readonly string[] {
  const { outageSeconds, restoredSeconds, healthySeconds, backupSeconds, backSeconds, rows, rowsSince } = outcome;
  const { leases, orphans, faults } = outcome;
  const back = Object.entries(backSeconds).map(([probe, after]) => `${probe} ${seconds(after)}`);
  return [
    '## The database is deleted on every member, and restored from a full and an incremental backup',
    '',
    `Restored after ${seconds(restoredSeconds)}, of which ${seconds(outageSeconds)} without a database; every service healthy after ${seconds(healthySeconds)}. The incremental backup took ${seconds(backupSeconds)}.`,
    `Requests recovered after: ${back.join(', ')}.`,
    '',
    `Of ${rows.acknowledged} rows that were acknowledged before the backup began ${rows.lost} were lost, and ${rowsSince} later ones, which it cannot have. Of ${leases.made} leases ${leases.lost} could not be managed.`,
    '',
    `Made since the backup, and told of: ${orphans.map(({ kind, id }) => `${kind} ${id}`).join(', ')}.`,
    '',
    ...faults.map((fault) => `- **WRONG**: ${fault}`),
    ...(faults.length === 0
      ? ['- nothing of the backup was lost, every lease can be managed, and what came later is told of']
      : []),
  ];
}

/** A change of members: what it took, and what clients saw. */
export function changeLines(change: ChangeOutcome): readonly string[] {
  const { name, before, after, steps, requests, readBack, faults } = change;
  const slowest = steps.toSorted((one, other) => other.seconds - one.seconds).slice(0, 3);
  const rows = requests.map(({ probe, succeeded, failed, gap, usualGap, predicted, beyond }) => {
    const cells = [
      probe,
      String(succeeded),
      String(failed),
      seconds(gap),
      seconds(usualGap),
      predicted === null ? 'stops' : `${predicted.toFixed(1)} s`,
    ];
    return `| ${[...cells, `${beyond.gaps} gaps, ${beyond.failed} requests`].join(' | ')} |`;
  });
  return [
    `## Members: ${name}`,
    '',
    `From ${before.join(', ')} to ${after.join(', ')}, ${steps.length} steps in ${seconds(change.seconds)}; the longest: ${slowest.map((step) => `${step.key} ${seconds(step.seconds)}`).join(', ')}.`,
    '',
    'A gap is the longest time between two successes; predicted is at most what the loss of any one host would make.',
    '',
    '| request | succeeded | failed | longest gap | usual gap | predicted, at most | beyond it |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Acknowledged writes that were lost: ${lostOf(readBack)}.`,
    '',
    ...faults.map((fault) => `- **WRONG**: ${fault}`),
    ...(faults.length === 0 ? ['- nothing acknowledged was lost, and every member says what was planned'] : []),
  ];
}

function lostOf(readBack: ReadBack): string {
  return Object.entries(readBack)
    .map(([probe, { acknowledged, lost }]) => `${probe} ${lost} of ${acknowledged}`)
    .join(', ');
}
