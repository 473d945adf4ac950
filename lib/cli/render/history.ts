import type { HistoryResult } from '../../actions/history/history.ts';
import type { HistoryEntry, HistoryStep } from '../../deploy/history.ts';
import { duration, minuteOf } from '../../text/duration.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';

/** The list of operations, or one of them in full; then where the journal is not as it was written. */
export function renderHistory({ operations, steps, breaks }: HistoryResult): string {
  const [only] = operations;
  const text = steps !== null && only !== undefined ? renderOne(only, steps) : renderList(operations);
  const chain = breaks.map(
    ({ operation, why }) => `CAUTION: the journal of ${operation} is not as it was written: ${why}`,
  );
  return [...text, ...chain].map((line) => `${printableLine(line)}\n`).join('');
}

function renderList(operations: readonly HistoryEntry[]): string[] {
  if (operations.length === 0) return ['The journal has no such operation.'];
  const head = ['STARTED (UTC)', 'OPERATION', 'WHAT', 'BY', 'COMMIT', 'ENDED', 'CHANGES'];
  const rows = operations.map((each) => [
    minuteOf(each.startedAt),
    each.operation,
    `${each.verb} ${firstOf(each.stacks, 1)}`,
    `${each.by}${each.approvedBy === null ? '' : `, approved by ${each.approvedBy}`}`,
    each.commit.slice(0, 10),
    `${each.outcome}${each.seconds === null ? '' : ` after ${duration(each.seconds)}`}`,
    changesOf(each),
  ]);
  return table(
    rows.map((row) => row.map(printableLine)),
    { head, right: [] },
  );
}

function renderOne(entry: HistoryEntry, steps: readonly HistoryStep[]): string[] {
  const {
    operation,
    verb,
    stacks,
    startedAt,
    endedAt,
    seconds,
    outcome,
    reason,
    by,
    as,
    approvedBy,
    bundle,
    commit,
    chain,
  } = entry;
  const ended = endedAt === null ? outcome : `${outcome} at ${endedAt}, after ${duration(seconds ?? 0)}`;
  const rows = [
    ['operation', operation],
    ['what', verb],
    ['stacks', stacks.join(', ')],
    ['started', startedAt],
    ['ended', reason === '' ? ended : `${ended}: ${reason}`],
    ['by', by],
    ...as.map((each) => ['acting as', each]),
    ['approved by', approvedBy ?? 'nobody: it executed no bundle'],
    ...(bundle === null ? [] : [['bundle', bundle]]),
    ['commit', commit === '' ? 'none: outside a repository' : commit],
    ['changes', changesOf(entry) === '' ? 'none' : changesOf(entry)],
    ['chain', chain === 'unchained' ? 'none: an earlier version of Tandem wrote it' : chain],
  ];
  const lines = table(
    rows.map((row) => row.map(printableLine)),
    { right: [] },
  );
  const told = steps.flatMap(({ key, startedAt: from, endedAt: to, actions }) => [
    `  ${from}  ${key}: ${to === null ? 'begun, not marked done' : `done after ${duration((Date.parse(to) - Date.parse(from)) / 1000)}`}`,
    ...actions.map((action) => `      ${action}`),
  ]);
  return [...lines, '', counted(steps.length, 'step'), ...told];
}

function changesOf({ changes }: HistoryEntry): string {
  return Object.entries(changes)
    .map(([action, count]) => `${count} ${action}`)
    .join(', ');
}
