import { numbersTable } from '../../fleet/look/numbers-table.ts';
import { htmlDocument } from '../../plan/render/html/document.ts';
import { html, type Markup } from '../../plan/render/html/markup.ts';
import { FIGURES_STYLE, figureOf } from '../report/figures.ts';
import { outlookPlots } from './plots.ts';
import type { LeaseOutlook, OutlookReport } from './report.ts';
import { answerOf, dayOf, headOf, hostsOf, REFUSED_HEADS, refusedRow, trendOf } from './words.ts';

/** What becomes of a cloud's room, as one page without a script that needs nothing else. */
export async function outlookPage(cloud: string, report: OutlookReport): Promise<string> {
  const title = `Capacity of ${cloud} over time`;
  const [first] = report.outlooks;
  const trend = trendOf(report);
  const figures: Markup[] = [];
  for (const plot of outlookPlots(report)) figures.push(await figureOf(plot, `${cloud}-capacity`));
  const body = html`<header><h1>${title}</h1>
<p>On the model that placement, failures and storage are counted with, in ${first?.runs ?? 0} runs with seed ${report.seed}; no cloud was asked.</p></header>
<main><section aria-labelledby="answer"><h2 id="answer">${headOf(cloud, report)}</h2>
${trend === undefined ? [] : html`<p>${trend}</p>`}
${report.outlooks.map((each) => html`<p class="answer">${hostsOf(each)}: ${answerOf(each)}</p>`)}
${figures}
<figure><h3>When flavors stop fitting, and what is refused</h3>
${report.outlooks.map((each) => tables(each))}</figure></section></main>`;
  return htmlDocument({ title, style: FIGURES_STYLE, body });
}

function tables(outlook: LeaseOutlook): Markup {
  const { flavors, blueprints, runs } = outlook;
  const asked = blueprints.filter((each) => each.asked > 0);
  const heads = ['flavor', 'fits now', 'at the end, in half', 'none in 1 of 10', 'none in half'];
  const rows = flavors.map(({ flavor, room, goneInTenth, goneInHalf }) => ({
    cells: [
      flavor,
      ...[room[0], room.at(-1)].map((each) => String(each?.p50 ?? '')),
      dayOf(goneInTenth),
      dayOf(goneInHalf),
    ],
  }));
  const refused = asked.map((each) => ({ cells: refusedRow(each, runs) }));
  return html`<p class="soft">${hostsOf(outlook)}</p>
${numbersTable(`Flavors: ${hostsOf(outlook)}`, heads, rows)}
${refused.length === 0 ? [] : numbersTable(`New leases: ${hostsOf(outlook)}`, REFUSED_HEADS, refused)}`;
}
