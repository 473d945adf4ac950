import { counted } from '../../../text/plural.ts';
import type { Plan } from '../../model.ts';
import { describeBase, summaryParts } from '../overview.ts';
import { htmlDocument } from './document.ts';
import { judgements } from './judgement.ts';
import { type Content, html, Markup } from './markup.ts';
import { matrix, ownersOf } from './matrix.ts';
import { alerts, counts, destroys } from './overview.ts';
import { SCRIPT } from './script.ts';
import { stackSection } from './stack.ts';
import { STYLE } from './style.ts';
import { toolbar } from './toolbar.ts';
import { type View, viewOf } from './view.ts';

export interface PageContext {
  readonly at: Date;
  /** Checked-out commit; empty outside a repository. */
  readonly commit: string;
  /** Whether the configuration has changes that are not in the commit. */
  readonly isDirty: boolean;
  /** Where people read a line of the configuration. */
  readonly link: View['link'];
  /** Pictures of clouds that the plan touches, by name: whole SVG documents. */
  readonly pictures: ReadonlyMap<string, string>;
}

/**
 * The plan as one page that needs nothing else: its script and its style are the only ones that it lets run, by their digests, and it
 * loads nothing. It reads without the script too, which adds search, filters, and an address for what is shown.
 */
export function renderHtml(plan: Plan, context: PageContext): string {
  const view = viewOf(plan, context.link);
  const unchanged = plan.stacks.filter(({ id }) => view.anchorOfStack(id) === undefined).map(({ id }) => id);
  const body = html`<a class="skip" href="#stacks">Skip to the stacks</a>
<header>
<h1>Plan</h1>
<p class="base">${originOf(plan, context)}</p>
${counts(plan)}
</header>
<main>
${alerts(view)}
<div class="first">
${destroys(view)}
<nav aria-labelledby="index-head"><h2 id="index-head">Stacks</h2>${matrix(view)}</nav>
</div>
${judgements(view)}
<section aria-labelledby="stacks"><h2 id="stacks" tabindex="-1">Changes</h2>
${toolbar(view, ownersOf(view.stacks.flatMap(({ ids }) => ids)))}
<div id="list">${view.stacks.map((stack) => stackSection(stack, view))}</div>
${unchanged.length > 0 ? html`<details class="more"><summary>${counted(unchanged.length, 'stack')} unchanged</summary>${unchanged.map((id) => html`<code>${id}</code> `)}</details>` : []}
</section>
${pictures(context.pictures)}
</main>
<footer><p>Tandem, ${context.at.toISOString().replace(/\.\d+Z$/, 'Z')}, digest <code>${plan.digest}</code></p></footer>`;
  return htmlDocument({ title: titleOf(plan), style: STYLE, script: SCRIPT, body, hasPictures: true });
}

function titleOf(plan: Plan): string {
  return `Plan: ${summaryParts(plan).actions.join(', ')}`;
}

function originOf({ base, stacks }: Plan, { commit, isDirty }: PageContext): string {
  const from = commit === '' ? 'no commit' : `commit ${commit.slice(0, 10)}`;
  return `${counted(stacks.length, 'stack')} of ${from}${isDirty ? ' with uncommitted changes' : ''} against ${describeBase(base)}`;
}

/** As pictures and not as parts of the page: whatever is in them neither runs nor restyles it. */
function pictures(clouds: ReadonlyMap<string, string>): Content {
  if (clouds.size === 0) return [];
  const figures = [...clouds].map(([cloud, svg]) => {
    const at = new Markup(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
    return html`<figure><figcaption>${cloud} as planned</figcaption><img src="${at}" alt="Racks, hosts, networks and services of the cloud ${cloud}, as planned" loading="lazy"></figure>`;
  });
  return html`<section aria-labelledby="pictures-head"><h2 id="pictures-head">Clouds</h2>${figures}</section>`;
}
