import type { Report } from '../../simulate/report/report.ts';
import { answerOf, headOf, headsOf, rowOf, shownOf } from '../../simulate/report/words.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The answer in sentences, then every policy in a row; of each workload. */
export function renderRun(report: Report, view: View): string {
  const { environment } = report;
  const parts = report.workloads.map((workload) => {
    const shown = shownOf(report, workload);
    const head = headsOf(shown);
    const right = head.slice(1).map((_, index) => index + 1);
    return [
      view.colors.bold(headOf(environment, workload)),
      ...wrap(answerOf(environment, workload), view.columns),
      '',
      ...table(
        workload.policies.map((each) => rowOf(each, shown)),
        { head, right },
      ),
      '',
    ];
  });
  return parts.map((lines) => lines.join('\n')).join('\n');
}
