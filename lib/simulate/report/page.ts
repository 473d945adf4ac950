import { PAGE_STYLE } from '../../fleet/look/page-style.ts';
import { htmlDocument } from '../../plan/render/html/document.ts';
import { html, Markup } from '../../plan/render/html/markup.ts';
import type { Judged } from './judge.ts';
import { type Plot, plotsOf } from './plots.ts';
import type { Report, WorkloadReport } from './report.ts';
import { svgOf } from './svg.ts';
import { answerOf, ELASTICITY_HEADS, elasticityRow, headOf, headsOf, rowOf, shownOf } from './words.ts';

const STYLE = `${PAGE_STYLE}
main{grid-template-columns:minmax(0,1fr)}
figure{margin:1rem 0 0;border-top:1px solid var(--line);padding-top:.8rem}h3{font-size:1rem;margin:0 0 .4rem}
.scroll svg{display:block;width:100%;min-width:36rem;max-width:52rem;height:auto}
.answer{font-size:1.1rem;max-width:60rem}.configured th{font-weight:650}.soft{color:var(--soft)}a{color:var(--focus)}a:focus-visible{outline:2px solid var(--focus)}
.scroll table{width:100%}.scroll th,.scroll td{white-space:nowrap}
@media print{figure{break-inside:avoid}}
`;

/** What was simulated, as one page without a script that needs nothing else: pictures in it, and what they are drawn from beside them. */
export async function reportPage(report: Report): Promise<string> {
  const title = `Simulation of ${report.environment}`;
  const sections: Markup[] = [];
  for (const [index, workload] of report.workloads.entries()) sections.push(await section(report, workload, index));
  const goal = report.goalSeconds === undefined ? '' : ` A job that waits longer than ${report.goalSeconds} s is late.`;
  const body = html`<header><h1>${title}</h1>
<p>On a model of Auto Scaling, with seed ${report.seed}; nothing was asked of AWS.${goal}</p></header>
<main>${sections}</main>`;
  return htmlDocument({ title, style: STYLE, body });
}

async function section(report: Report, workload: WorkloadReport, index: number): Promise<Markup> {
  const figures: Markup[] = [];
  for (const plot of plotsOf(workload)) figures.push(await figure(plot, `${report.environment}-${index + 1}`));
  const shown = shownOf(report, workload);
  const { policies } = workload;
  const id = `workload-${index + 1}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${headOf(report.environment, workload)}</h2>
<p class="answer">${answerOf(report.environment, workload)}</p>
${table('Policies', headsOf(shown), policies, (each) => rowOf(each, shown))}
${figures}
<figure><h3>How capacity follows demand</h3>${table('How capacity follows demand', ELASTICITY_HEADS, policies, elasticityRow)}
<figcaption class="soft">Elasticity as SPEC RG measures it (SPEC-RG-2016-01): the mean share of the demand that was not met, and of what was there beyond it; the share of the time in which that was so; changes an hour beyond those of the demand.</figcaption></figure></section>`;
}

function table(
  label: string,
  [head = '', ...heads]: readonly string[],
  policies: readonly Judged[],
  row: (policy: Judged) => string[],
): Markup {
  const rows = policies.map((each) => {
    const [policy = '', ...cells] = row(each);
    return html`<tr${each.isConfigured ? html` class="configured"` : []}><th scope="row">${policy}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="numbers"><thead><tr><th scope="col">${head}</th>${heads.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

async function figure(plot: Plot, prefix: string): Promise<Markup> {
  const data = Buffer.from(JSON.stringify(plot.spec)).toString('base64');
  const link = new Markup(`data:application/json;base64,${data}`);
  return html`<figure><h3>${plot.title}</h3><div class="scroll" tabindex="0" role="region" aria-label="${plot.title}">${new Markup(await svgOf(plot))}</div>
<figcaption class="soft">${plot.description} <a href="${link}" download="${prefix}-${plot.id}.vl.json">Data and specification (Vega-Lite)</a></figcaption></figure>`;
}
