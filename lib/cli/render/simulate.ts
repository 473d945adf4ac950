import type { Report } from '../../simulate/report/report.ts';
import { answerOf, headOf, headsOf, rowOf, shownOf } from '../../simulate/report/words.ts';
import { table } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** Columns that a narrow terminal does without, in this order. */
const LEFT_OUT = ['slowdown', 'lost', 'p50', 'p99'];

/** A table that is no wider than the terminal, as far as columns can be left out, and which they are. */
function fitted(head: readonly string[], rows: readonly (readonly string[])[], columns: number): string[] {
  for (let count = 0; ; count += 1) {
    const out = LEFT_OUT.slice(0, count);
    const kept = (row: readonly string[]): string[] => row.filter((_, index) => !out.includes(head[index] ?? ''));
    const heads = kept(head);
    const lines = table(rows.map(kept), { head: heads, right: heads.slice(1).map((_, index) => index + 1) });
    if (count < LEFT_OUT.length && lines.some((line) => line.length > columns)) continue;
    return out.length === 0
      ? lines
      : [...lines, ...wrap(`In ${columns} columns without ${out.join(', ')}: --html and --json have all.`, columns)];
  }
}

/** The answer in sentences, then every policy in a row; of each workload. */
export function renderRun(report: Report, view: View): string {
  const { environment } = report;
  const parts = report.workloads.map((workload) => {
    const shown = shownOf(report, workload);
    const rows = workload.policies.map((each) => rowOf(each, shown));
    return [
      view.colors.bold(headOf(environment, workload)),
      ...wrap(answerOf(environment, workload), view.columns),
      '',
      ...fitted(headsOf(shown), rows, view.columns),
      '',
    ];
  });
  return parts.map((lines) => lines.join('\n')).join('\n');
}
