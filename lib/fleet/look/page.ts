import { htmlDocument } from '../../plan/render/html/document.ts';
import { type Content, html, type Markup, name } from '../../plan/render/html/markup.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { numbersTable } from './numbers-table.ts';
import { filterClient } from './page-client.ts';
import { PAGE_STYLE } from './page-style.ts';
import { COUNTED, type FleetReport, headline, type MachineRow } from './report.ts';

const SCRIPT = `'use strict';(${filterClient.toString()})(document);`;

/**
 * A fleet as one page that needs nothing else: its script and its style are the only ones that it lets run, by their digests, and it loads
 * nothing. The script adds a search over the instances; without it, all are there.
 */
export function fleetPage(report: FleetReport): string {
  const { environment, account, region, at, machines, total } = report;
  const body = html`<header><h1>Fleet of ${environment}</h1>
<p>${name(report.group.name)} in ${region}, account ${account}, at <time datetime="${at}">${at.replace(/\.\d+Z$/, 'Z')}</time></p>
<p><strong>${headline(report)}</strong></p></header>
<main>
${findings(report)}
<section aria-labelledby="queues"><h2 id="queues">Queues</h2>${queues(report)}</section>
<section aria-labelledby="limits"><h2 id="limits">Limits</h2>${limits(report)}</section>
<section aria-labelledby="counts"><h2 id="counts">What instances have</h2><dl class="counts">${counts(report)}</dl></section>
<section aria-labelledby="machines"><h2 id="machines">${machines.length === total ? counted(total, 'instance') : `${machines.length} of ${counted(total, 'instance')}`}</h2>
<form id="tools" role="search" hidden><label>Search <input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="id, zone, type, state, job"></label> <output aria-live="polite"></output></form>
<div class="scroll" tabindex="0" role="region" aria-label="Table of instances">${instances(machines)}</div></section>
</main>`;
  return htmlDocument({ title: `Fleet of ${environment}`, style: PAGE_STYLE, script: SCRIPT, body });
}

function findings({ findings: all }: FleetReport): Content {
  if (all.length === 0) return html`<p class="good">Nothing needs attention.</p>`;
  const items = all.map(
    ({ level, text, machines, next }) =>
      html`<li class="${level}"><strong>${level === 'warn' ? 'Warning' : 'Note'}</strong> ${text}${machines.length === 0 ? [] : html`<details><summary>${counted(machines.length, 'instance')}</summary>${machines.map((id) => html`${name(id)} `)}</details>`}${next === null ? [] : html`<pre>${next}</pre>`}</li>`,
  );
  return html`<section aria-labelledby="findings"><h2 id="findings">Needs attention</h2><ul class="findings">${items}</ul></section>`;
}

function queues({ queues: all }: FleetReport): Markup {
  const rows = all.map(({ name: queue, waiting, running, oldestSeconds, deadLetters }) => {
    const oldest = waiting + running === 0 ? '' : duration(oldestSeconds);
    return { cells: [queue, number(waiting), number(running), oldest, number(deadLetters)] };
  });
  return numbersTable('Queues of jobs', ['Queue', 'Waiting', 'Running', 'Oldest', 'Dead letters'], rows);
}

function limits({ limits: all }: FleetReport): Markup {
  const rows = all.map(({ name: limit, used, limit: most, left }) => ({
    cells: [limit, number(used), number(most), number(left)],
  }));
  return numbersTable('Limits of the fleet', ['Limit', 'Used', 'Of', 'Left'], rows);
}

const number = (value: number | null): string => value?.toLocaleString('en') ?? '';

function counts(report: FleetReport): Content {
  return COUNTED.map((field) => {
    const values = Object.entries(report.counts[field]).map(([value, count]) => html`<li>${name(value)} ${count}</li>`);
    return html`<div><dt>${field}</dt><dd><ul>${values}</ul></dd></div>`;
  });
}

const HEADS = [
  'Instance',
  'Zone',
  'Type',
  'Purchase',
  'State',
  'Worker',
  'Health',
  'Age',
  'Heartbeat',
  'Image',
  'Template',
  'Program',
  'Agent',
  'Job',
];

function instances(machines: readonly MachineRow[]): Markup {
  const rows = machines.map((each) => {
    const cells = [
      ...[each.zone, each.type, each.purchase, each.protectedFromScaleIn ? `${each.state}, protected` : each.state],
      ...[each.worker, each.health, duration(each.ageSeconds)],
      each.heartbeatSeconds === null ? '' : `${duration(each.heartbeatSeconds)} ago`,
      ...[each.image, each.template, each.program ?? '', each.agent ?? '', each.job ?? ''],
    ];
    const isBad = each.health !== 'healthy' || each.worker === 'lost' || each.worker === 'broken';
    return html`<tr${isBad ? html` class="bad"` : []}><th scope="row">${name(each.id)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<table id="list"><thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}
