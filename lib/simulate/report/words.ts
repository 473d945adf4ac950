import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import type { Recovery } from '../measure/recovery.ts';
import type { Best, Judged } from './judge.ts';
import type { Report, WorkloadReport } from './report.ts';

/** What was run: `prod on burst: 1,396 jobs in 2 h`. */
export function headOf(environment: string, { workload }: WorkloadReport): string {
  const count = workload.at.length;
  return `${environment} on ${workload.name}: ${whole(count)} ${plural(count, 'job')} in ${duration(workload.span)}`;
}

/** The answer of the environment's own policy, in sentences. */
export function answerOf(environment: string, { best, policies }: WorkloadReport): string {
  const [configured] = policies;
  if (configured === undefined) return '';
  const { waits, undone, regret, recoveries } = configured;
  const left = undone === 0 ? '' : ` ${whole(undone)} ${plural(undone, 'job')} never ended.`;
  const far = regret === undefined ? undefined : Math.round(regret * 100);
  const more =
    far === undefined
      ? ''
      : far === 0
        ? `; ${environment} needs no more`
        : `; ${environment} is ${Math.abs(far)} % ${far < 0 ? 'below' : 'above'} it`;
  return `95 of 100 jobs wait at most ${duration(waits.p95)}; ${amountOf(configured)}.${left}${recoveries.map((each) => ` ${lossOf(each, configured.simulated.begin)}`).join('')} The best possible without a wait is ${amountOf(best)}${more}.`;
}

function lossOf({ at, instances, jobs, seconds }: Recovery, begin: number): string {
  const when = `${whole(instances)} ${plural(instances, 'instance')} are lost at once after ${duration((at - begin) / 1000)}`;
  const then = seconds === undefined ? 'is never as short again' : `is as short as before after ${duration(seconds)}`;
  return `${when}: ${whole(jobs)} ${plural(jobs, 'job')} of theirs wait again, and the queue ${then}.`;
}

function amountOf({ instanceHours, usd }: Pick<Best, 'instanceHours' | 'usd'>): string {
  return `${hours(instanceHours)} instance-hours${usd === undefined ? '' : `, ${money(usd)} USD`}`;
}

/** Columns that are not in every table. */
export interface Shown {
  /** Some waits are too long. */
  readonly hasGoal: boolean;
  /** The workload loses machines. */
  readonly hasLosses: boolean;
}

export function shownOf({ goalSeconds }: Pick<Report, 'goalSeconds'>, { workload }: WorkloadReport): Shown {
  return { hasGoal: goalSeconds !== undefined, hasLosses: (workload.losses ?? []).length > 0 };
}

/** Heads of `rowOf`; all but the first stand to the right. */
export function headsOf({ hasGoal, hasLosses }: Shown): string[] {
  const late = hasGoal ? ['late'] : [];
  const backlog = hasLosses ? ['backlog'] : [];
  return ['policy', 'p50', 'p95', 'p99', 'slowdown', ...late, ...backlog, 'instance-h', 'USD', 'lost', 'regret'];
}

/** A policy's row in every table. */
export function rowOf(judged: Judged, { hasGoal, hasLosses }: Shown): string[] {
  const { policy, waits, instanceHours, usd, lostSeconds, regret } = judged;
  return [
    policy,
    ...[waits.p50, waits.p95, waits.p99].map(duration),
    waits.slowdown.toFixed(1),
    ...(hasGoal ? [whole(waits.late)] : []),
    ...(hasLosses ? [backlogOf(judged)] : []),
    hours(instanceHours),
    usd === undefined ? '-' : money(usd),
    duration(lostSeconds),
    regret === undefined ? '-' : percent(regret),
  ];
}

/** The longest. */
function backlogOf({ recoveries }: Judged): string {
  const all = recoveries.map(({ seconds }) => seconds ?? Infinity);
  const longest = Math.max(0, ...all);
  return Number.isFinite(longest) ? duration(longest) : 'stays';
}

/** Heads of `elasticityRow`. */
export const ELASTICITY_HEADS = ['policy', 'too few', 'too many', 'time with too few', 'time with too many', 'jitter'];

/** How a policy's capacity follows demand, in percent; jitter in changes an hour. */
export function elasticityRow({ policy, elasticity }: Judged): string[] {
  const { underAccuracy, overAccuracy, underTimeshare, overTimeshare, jitter } = elasticity;
  const shares = [underAccuracy, overAccuracy, underTimeshare, overTimeshare].map((each) => `${fixed(each, 1)} %`);
  return [policy, ...shares, fixed(jitter, 1)];
}

/** `1,396` */
export const whole = (value: number): string => Math.round(value).toLocaleString('en');
const fixed = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const hours = (value: number): string => fixed(value, value < 100 ? 1 : 0);
const money = (value: number): string => fixed(value, value < 10 ? 2 : 0);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
