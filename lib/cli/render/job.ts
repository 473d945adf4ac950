import type { CancelResult } from '../../actions/job/cancel.ts';
import type { ListResult } from '../../actions/job/list.ts';
import type { RedriveResult } from '../../actions/job/redrive.ts';
import type { ResultResult } from '../../actions/job/result.ts';
import type { RetryResult } from '../../actions/job/retry.ts';
import type { ShowResult } from '../../actions/job/show.ts';
import type { SubmitResult } from '../../actions/job/submit.ts';
import type { DeadLetters, ShownLetter } from '../../jobs/redrive.ts';
import { duration } from '../../text/duration.ts';
import { asLines } from '../../text/lines.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { table } from '../../text/table.ts';

/** Reasons hold the end of a job's standard error: a list shows so much of it. */
const MOST_REASON = 80;

export function renderSubmitted({ environment, queue, jobs, sent, already, seconds }: SubmitResult): string {
  const rate = sent > 0 && seconds >= 1 ? ` in ${duration(seconds)} (${Math.round(sent / seconds)}/s)` : '';
  const before = already === 0 ? '' : `; ${already} of ${jobs} ${already === 1 ? 'was' : 'were'} sent before`;
  return `${counted(sent, 'job')} sent to queue ${queue} of ${environment}${rate}${before}.\n`;
}

export function renderJobs(
  { environment, queues, jobs, next }: ListResult,
  flags: { readonly limit?: number | undefined },
): string {
  const heads = queues.map(({ name, waiting, running, deadLetters }) => [
    `queue ${name}`,
    `${waiting} waiting`,
    `${running} running`,
    counted(deadLetters, 'dead letter'),
  ]);
  const rows = jobs.map(({ id, state, queue, submittedAt, receives, instanceId = '', reason = '' }) => [
    ...[id, state, queue, submittedAt.slice(0, 19).replace('T', ' '), String(receives), instanceId, short(reason)],
  ]);
  const head = ['JOB', 'STATE', 'QUEUE', 'SUBMITTED (UTC)', 'DELIVERIES', 'MACHINE', 'REASON'];
  const list = rows.length === 0 ? ['No job is known that is asked for.'] : table(rows, { head, right: [4] });
  const limit = flags.limit === undefined ? '' : ` --limit ${flags.limit}`;
  const more =
    next === undefined
      ? []
      : ['', `more: tandem job list ${environment}${limit} --page ${next}, with the same other flags`];
  return asLines([...table(heads), '', ...list, ...more]);
}

export function renderJob({ environment, id, record, result, log }: ShowResult): string {
  const rows: string[][] = [['job', id]];
  if (record !== undefined) {
    const { state, queue, submittedAt, submittedBy, sentAt, at, instanceId, failedOn, receives, reason, size } = record;
    rows.push(
      ['state', `${state} since ${at}`],
      ['queue', queue],
      ['submitted', `${submittedAt}${submittedBy === '' ? '' : ` by ${submittedBy}`}`],
      ['sent', sentAt ?? (state === 'queued' ? 'not for sure: submit it again, or retry it' : 'by others')],
      ['deliveries', String(receives)],
      ['machine', instanceId ?? 'none yet'],
      ['body', `${size} bytes`],
    );
    if (failedOn !== undefined) rows.push(['failed on', failedOn.join(', ')]);
    if (reason !== undefined) rows.push(['reason', '']);
    if (reason !== undefined) return asLines([...table(rows), ...indented(reason), ...resultLines()]);
  } else rows.push(['state', 'done; nothing but its result is known']);
  return asLines([...table(rows), ...resultLines()]);

  function resultLines(): string[] {
    const logs =
      log === undefined
        ? []
        : [
            `log         aws logs tail ${log.group} --log-stream-names ${log.stream} --filter-pattern '{ $.job = "${printableLine(id)}" }'`,
          ];
    if (result === undefined) return logs;
    return [
      ...logs,
      `result      ${result.size} bytes of ${result.writtenAt}: tandem job result ${environment} ${printableLine(id)}`,
    ];
  }
}

export function renderResult({ id, file, size, resumedAt, sha256 }: ResultResult): string {
  if (file === null) return '';
  const kept = resumedAt === 0 ? '' : `, ${resumedAt} of them by an earlier run`;
  return `The result of ${printableLine(id)} is in ${printableLine(file)}: ${size} bytes${kept}, sha256 ${sha256 ?? ''}.\n`;
}

const RETRIED: Readonly<Record<RetryResult['jobs'][number]['outcome'], string>> = {
  sent: 'sent again',
  waiting: 'waits already',
  running: 'runs',
  done: 'has a result, which is written once; submit it under another id',
  unknown: 'is not known; `tandem job redrive` moves its dead letter, if there is one',
  'no-body': 'was not submitted by Tandem, which has no copy; `tandem job redrive` moves its dead letter',
  'failed-to-send': 'was not sent',
};

export function renderRetried({ jobs }: RetryResult): string {
  return asLines(
    table(
      jobs.map(({ id, outcome, instanceId, reason }) => {
        const where = outcome === 'running' && instanceId !== undefined ? ` on ${instanceId}` : '';
        return [
          printableLine(id),
          `${RETRIED[outcome]}${where}${reason === undefined ? '' : `: ${printableLine(reason)}`}`,
        ];
      }),
    ),
  );
}

export function renderCancelled({ jobs }: CancelResult): string {
  return asLines(
    table(
      jobs.map(({ id, state, isCancelled, instanceId }) => {
        const where = instanceId === undefined ? '' : ` on ${instanceId}`;
        if (isCancelled)
          return [
            printableLine(id),
            where === '' ? 'cancelled' : `cancelled; it runs${where}, which ends it at its next heartbeat`,
          ];
        if (state === 'cancelled') return [printableLine(id), 'was cancelled before'];
        if (state === 'unknown') return [printableLine(id), 'is not known'];
        if (state === 'running' || state === 'queued')
          return [printableLine(id), `is ${state}${where}, and changes too fast`];
        return [printableLine(id), `is ${state} already`];
      }),
    ),
  );
}

/** What is asked about. */
export function renderDeadLetters({
  queue,
  count,
  shown,
}: Pick<DeadLetters, 'count' | 'shown'> & { readonly queue: { readonly name: string } }): string {
  const reasons = Map.groupBy(shown, ({ reason }) => short(reason ?? 'not known'));
  const rows = [...reasons]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, letters]) => [String(letters.length), reason, examplesOf(letters)]);
  const part = shown.length < count ? `, of which ${shown.length} were looked at` : '';
  return [
    `${counted(count, 'dead letter')} of queue ${queue.name}${part}:`,
    ...table(rows, { head: ['JOBS', 'REASON', 'FOR EXAMPLE'], indent: 2 }),
  ].join('\n');
}

export function renderRedriven(result: RedriveResult, { dryRun }: { readonly dryRun: boolean }): string {
  const { environment, queue, deadLetters, moved, missing, shown } = result;
  if (deadLetters === 0) return `Queue ${queue} of ${environment} has no dead letters.\n`;
  if (dryRun) return asLines([renderDeadLetters({ queue: { name: queue }, count: deadLetters, shown })]);
  const lost = missing.map((id) => `${printableLine(id)} has no dead letter in queue ${queue}`);
  return asLines([`${counted(moved, 'dead letter')} moved back to queue ${queue} of ${environment}.`, ...lost]);
}

function examplesOf(letters: readonly ShownLetter[]): string {
  const ids = [...new Set(letters.map(({ jobId }) => printableLine(jobId)))];
  return firstOf(ids, 3);
}

/** Its first line. */
function short(reason: string): string {
  const [first = ''] = reason.trim().split('\n', 1);
  const line = printableLine(first);
  return line.length > MOST_REASON ? `${line.slice(0, MOST_REASON - 1)}…` : line;
}

function indented(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => `  ${printableLine(line)}`);
}
