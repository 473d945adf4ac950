import { PAGE_STYLE } from '../../fleet/look/page-style.ts';
import { html, Markup } from '../../plan/render/html/markup.ts';
import type { Plot } from './plots.ts';
import { svgOf } from './svg.ts';

/** Of a page with plots and tables of numbers below each other. */
export const FIGURES_STYLE = `${PAGE_STYLE}
main{grid-template-columns:minmax(0,1fr)}
figure{margin:1rem 0 0;border-top:1px solid var(--line);padding-top:.8rem}h3{font-size:1rem;margin:0 0 .4rem}
.scroll svg{display:block;width:100%;min-width:36rem;max-width:52rem;height:auto}
.answer{font-size:1.1rem;max-width:60rem}.marked th{font-weight:650}.soft{color:var(--soft)}a{color:var(--focus)}a:focus-visible{outline:2px solid var(--focus)}
@media print{figure{break-inside:avoid}}
`;

/** A plot as a picture, and what it is drawn from beside it. @param prefix - of the file's name */
export async function figureOf(plot: Plot, prefix: string): Promise<Markup> {
  const data = Buffer.from(JSON.stringify(plot.spec)).toString('base64');
  const link = new Markup(`data:application/json;base64,${data}`);
  return html`<figure><h3>${plot.title}</h3><div class="scroll" tabindex="0" role="region" aria-label="${plot.title}">${new Markup(await svgOf(plot))}</div>
<figcaption class="soft">${plot.description} <a href="${link}" download="${prefix}-${plot.id}.vl.json">Data and specification (Vega-Lite)</a></figcaption></figure>`;
}
