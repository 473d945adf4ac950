import type { Report } from '../../simulate/report/report.ts';
import { answerOf, headOf, headsOf, rowOf } from '../../simulate/report/words.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The answer in sentences, then every policy in a row; of each workload. */
export function renderRun({ environment, goalSeconds, workloads }: Report, view: View): string {
  const hasGoal = goalSeconds !== undefined;
  const head = headsOf(hasGoal);
  const right = head.slice(1).map((_, index) => index + 1);
  const parts = workloads.map((report) => [
    view.colors.bold(headOf(environment, report)),
    ...wrap(answerOf(environment, report), view.columns),
    '',
    ...table(
      report.policies.map((each) => rowOf(each, hasGoal)),
      { head, right },
    ),
    '',
  ]);
  return parts.map((lines) => lines.join('\n')).join('\n');
}
