import type { FitResult, FitSide } from '../../actions/simulate/fit.ts';
import type { RecordResult } from '../../actions/simulate/record.ts';
import { whole } from '../../simulate/report/words.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The answer in a sentence, before and after, and the lines to write. */
export function renderFit(result: FitResult, view: View): string {
  const { environment, before, after, goalSeconds, yaml, workloads, tried, known, isComplete } = result;
  const head = `${environment} on ${workloads.join(', ')}, 95 of 100 jobs to wait at most ${duration(goalSeconds)}`;
  const rows = [row('now', before), ...(yaml === '' ? [] : [row('proposed', after)])];
  const right = ['p50', 'p95', 'p99', 'instance-h', 'USD', 'lost', 'p95, other chance', 'USD, other chance'];
  const reused = known === 0 ? '' : `, of which ${known} were known`;
  const told = isComplete
    ? `${counted(tried, 'setting')} tried${reused}.`
    : `Stopped after ${counted(tried, 'setting')}${reused}: the same command goes on from there.`;
  return [
    view.colors.bold(head),
    ...wrap(answerOf(result), view.columns),
    '',
    ...table(rows, { head: ['', ...right], right: right.map((_, index) => index + 1) }),
    '',
    ...(yaml === ''
      ? []
      : [
          `config/environments/${environment}.yaml:`,
          '',
          ...yaml
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
          '',
        ]),
    told,
    '',
  ].join('\n');
}

function answerOf({ before, after, goalSeconds, yaml }: FitResult): string {
  const misses = after.outcome.p95 > goalSeconds || after.outcome.undone > 0;
  const reached = misses
    ? `Nothing that was tried reaches the goal; the nearest waits ${duration(after.outcome.p95)}.`
    : '';
  if (yaml === '') return `${reached} What is configured is the best that was found.`.trim();
  if (misses) return reached;
  const [now, then] = [costOf(before), costOf(after)];
  const change = now === 0 ? '' : ` ${percent(then / now - 1)}`;
  const was = before.outcome.p95 > goalSeconds ? `, where it is ${duration(before.outcome.p95)} now` : '';
  return `The proposed settings reach the goal with a wait of ${duration(after.outcome.p95)}${was}; the cost changes by${change}.`;
}

const costOf = ({ outcome: { usd, instanceHours } }: FitSide): number => usd ?? instanceHours;

function row(name: string, { outcome, check }: FitSide): string[] {
  const { p50, p95, p99, instanceHours, usd, lostSeconds } = outcome;
  return [
    name,
    ...[p50, p95, p99].map(duration),
    ...[whole(instanceHours), money(usd), duration(lostSeconds)],
    ...[check === undefined ? '-' : duration(check.p95), money(check?.usd)],
  ];
}

/** What was written, what of, and what jobs really waited. */
export function renderRecord(
  { environment, file, isJoined, period, jobs, gaps, waits }: RecordResult,
  view: View,
): string {
  const what = isJoined ? 'what was recorded before is kept where this tells nothing' : 'a new file';
  const gap =
    gaps.length === 0
      ? ''
      : ` Without figures: ${gaps.map(({ from, to }) => `${day(from)} to ${day(to)}`).join(', ')}.`;
  const rows = waits.map((each) => [
    day(each.from),
    ...[whole(each.jobs), duration(each.p50Seconds), duration(each.p95Seconds)],
  ]);
  const text = `${counted(jobs, 'job')} of ${environment} from ${day(period.from)} to ${day(period.to)} are in ${file}; ${what}.${gap}`;
  return [
    ...wrap(text, view.columns),
    ...(rows.length === 0
      ? []
      : ['', ...table(rows, { head: ['24 hours from', 'jobs', 'wait p50', 'wait p95'], right: [1, 2, 3] })]),
    '',
    `Next: tandem simulate ${environment} --workload ${file}`,
    '',
  ].join('\n');
}

const day = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
const money = (usd: number | undefined): string => (usd === undefined ? '-' : whole(usd));
const percent = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
