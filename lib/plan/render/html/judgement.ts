import { counted } from '../../../text/plural.ts';
import type { Finding, Impact, Plan } from '../../model.ts';
import { approvalTexts, costRows, costText, sortedFindings, verdictOf } from '../overview.ts';
import { sourceLink } from './change.ts';
import { type Content, html, type Markup, name } from './markup.ts';
import { stackLink } from './stack.ts';
import type { View } from './view.ts';

/** Findings of one rule that are shown without asking. */
const SHOWN_FINDINGS = 20;

/** What is said of the plan as a whole: who must approve, what rules find, what it does to machines that run, and what it costs. */
export function judgements(view: View): Content {
  const { plan } = view;
  const { findings, elsewhere = [], impact, availability } = plan;
  const [approvals, cost] = [approvalTexts(plan), costText(plan)];
  const cards = [
    ...(approvals.length === 0
      ? []
      : [card('approvals', 'Approval', html`<ul>${approvals.map((text) => html`<li>${text}</li>`)}</ul>`)]),
    ...(impact.length === 0 ? [] : [card('impact', 'Impact', html`<ul>${impact.map(impactItem)}</ul>`)]),
    ...(availability.length === 0
      ? []
      : [card('availability', 'Availability', html`<ul>${availability.map((line) => html`<li>${line}</li>`)}</ul>`)]),
    ...(cost === undefined ? [] : [card('cost', 'Cost', html`<p>${cost}</p>${costTable(plan)}`)]),
  ];
  const said =
    findings.length + elsewhere.length === 0
      ? []
      : html`<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>${findingList(view)}${elsewhere.map(({ text }) => html`<p class="left">${text}</p>`)}</section>`;
  return cards.length + findings.length + elsewhere.length === 0 ? [] : html`<div class="cards">${cards}</div>${said}`;
}

/** What each part costs a month. */
function costTable(plan: Plan): Content {
  const rows = costRows(plan);
  if (rows.length === 0) return [];
  return html`<details><summary>Each part</summary><table><thead><tr><th>Stack</th><th>Part</th><th>Quantity</th><th>A month</th></tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></details>`;
}

function card(id: string, title: string, body: Markup): Markup {
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

function impactItem({ fleet, text }: Impact): Markup {
  return html`<li>${name(fleet)} ${text}</li>`;
}

/** What denies first; findings of one rule together. */
function findingList(view: View): Markup {
  const rules = Map.groupBy(sortedFindings(view.plan), (finding) => `${verdictOf(finding)} ${finding.rule}`);
  return html`<ul class="findings">${[...rules.values()].map((each) => ruleItem(each, view))}</ul>`;
}

function ruleItem(findings: readonly Finding[], view: View): Markup {
  const [first] = findings;
  if (first === undefined) return html``;
  const verdict = verdictOf(first);
  const items = findings.map((finding) => findingItem(finding, view));
  const rest = items.slice(SHOWN_FINDINGS);
  const more =
    rest.length === 0
      ? []
      : html`<details class="more"><summary>and ${rest.length} more</summary><ul>${rest}</ul></details>`;
  return html`<li><span class="level ${verdict}">${verdict}</span> ${name(first.rule)} ${counted(findings.length, 'time')}<ul>${items.slice(0, SHOWN_FINDINGS)}</ul>${more}</li>`;
}

function findingItem({ stack, address, reason, owner, override, source }: Finding, view: View): Markup {
  const anchor = stack === undefined ? undefined : view.anchorOfChange(stack, address);
  const at =
    address === '' ? [] : anchor === undefined ? name(address) : html`<a href="#${anchor}">${name(address)}</a>`;
  const where = stack === undefined ? [] : html` in ${stackLink(stack, view)}`;
  const allowed =
    override === undefined
      ? []
      : html` <em>overridden by ${owner ?? 'somebody'} until ${override.expires}: ${override.reason}</em>`;
  return html`<li>${at}${where}${address === '' && stack === undefined ? '' : ': '}${reason} ${sourceLink(source, view)}${allowed}</li>`;
}
