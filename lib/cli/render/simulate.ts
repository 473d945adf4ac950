import type { RunResult, WorkloadReport } from '../../actions/simulate/run.ts';
import type { Best, Judged } from '../../simulate/report/judge.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The answer in a sentence, then every policy in a row; of each workload. */
export function renderRun({ environment, goalSeconds, workloads }: RunResult, view: View): string {
  return workloads.map((report) => renderWorkload(environment, report, goalSeconds, view)).join('\n');
}

function renderWorkload(
  environment: string,
  report: WorkloadReport,
  goalSeconds: number | undefined,
  view: View,
): string {
  const { workload, best, policies } = report;
  const count = workload.at.length;
  const head = `${environment} on ${workload.name}: ${whole(count)} ${plural(count, 'job')} in ${duration(workload.span)}`;
  const [configured] = policies;
  const answer =
    configured === undefined
      ? []
      : wrap(`${answerOf(configured)} ${bestAnswer(environment, configured, best)}`, view.columns);
  const rows = policies.map((each) => rowOf(each, goalSeconds !== undefined));
  const late = goalSeconds === undefined ? [] : ['late'];
  const right = ['p50', 'p95', 'p99', 'slowdown', ...late, 'instance-h', 'USD', 'lost', 'regret'];
  return [
    view.colors.bold(head),
    ...answer,
    '',
    ...table(rows, { head: ['policy', ...right], right: right.map((_, index) => index + 1) }),
    '',
  ].join('\n');
}

function answerOf({ waits, instanceHours, usd, undone }: Judged): string {
  const cost = usd === undefined ? '' : `, ${whole(usd)} USD`;
  const left = undone === 0 ? '' : ` ${whole(undone)} ${plural(undone, 'job')} never ended.`;
  return `95 of 100 jobs wait at most ${duration(waits.p95)}; ${whole(instanceHours)} instance-hours${cost}.${left}`;
}

function bestAnswer(environment: string, { regret }: Judged, { instanceHours, usd }: Best): string {
  const cost = usd === undefined ? '' : `, ${whole(usd)} USD`;
  const more =
    regret === undefined ? '' : `; ${environment} is ${percent(Math.abs(regret))} ${regret < 0 ? 'below' : 'above'} it`;
  return `The best possible without a wait is ${whole(instanceHours)} instance-hours${cost}${more}.`;
}

function rowOf(judged: Judged, hasGoal: boolean): string[] {
  const { policy, waits, instanceHours, usd, lostSeconds, regret } = judged;
  return [
    policy,
    ...[waits.p50, waits.p95, waits.p99].map(duration),
    waits.slowdown.toFixed(1),
    ...(hasGoal ? [whole(waits.late)] : []),
    whole(instanceHours),
    usd === undefined ? '-' : whole(usd),
    duration(lostSeconds),
    regret === undefined ? '-' : percent(regret),
  ];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (share: number): string => `${Math.round(share * 100)} %`;
