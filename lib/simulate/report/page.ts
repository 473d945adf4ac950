import { numbersTable } from '../../fleet/look/numbers-table.ts';
import { htmlDocument } from '../../plan/render/html/document.ts';
import { html, type Markup } from '../../plan/render/html/markup.ts';
import { FIGURES_STYLE, figureOf } from './figures.ts';
import { plotsOf } from './plots.ts';
import type { Report, WorkloadReport } from './report.ts';
import { answerOf, ELASTICITY_HEADS, elasticityRow, headOf, headsOf, rowOf, shownOf } from './words.ts';

/** What was simulated, as one page without a script that needs nothing else: pictures in it, and what they are drawn from beside them. */
export async function reportPage(report: Report): Promise<string> {
  const title = `Simulation of ${report.environment}`;
  const sections: Markup[] = [];
  for (const [index, workload] of report.workloads.entries()) sections.push(await section(report, workload, index));
  const goal = report.goalSeconds === undefined ? '' : ` A job that waits longer than ${report.goalSeconds} s is late.`;
  const body = html`<header><h1>${title}</h1>
<p>On a model of Auto Scaling, with seed ${report.seed}; nothing was asked of AWS.${goal}</p></header>
<main>${sections}</main>`;
  return htmlDocument({ title, style: FIGURES_STYLE, body });
}

async function section(report: Report, workload: WorkloadReport, index: number): Promise<Markup> {
  const figures: Markup[] = [];
  for (const plot of plotsOf(workload)) figures.push(await figureOf(plot, `${report.environment}-${index + 1}`));
  const shown = shownOf(report, workload);
  const { policies } = workload;
  const id = `workload-${index + 1}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${headOf(report.environment, workload)}</h2>
<p class="answer">${answerOf(report.environment, workload)}</p>
${numbersTable(
  'Policies',
  headsOf(shown),
  policies.map((each) => ({ cells: rowOf(each, shown), isMarked: each.isConfigured })),
)}
${figures}
<figure><h3>How capacity follows demand</h3>${numbersTable(
    'How capacity follows demand',
    ELASTICITY_HEADS,
    policies.map((each) => ({ cells: elasticityRow(each), isMarked: each.isConfigured })),
  )}
<figcaption class="soft">Elasticity as SPEC RG measures it (SPEC-RG-2016-01): the mean share of the demand that was not met, and of what was there beyond it; the share of the time in which that was so; changes an hour beyond those of the demand.</figcaption></figure></section>`;
}
