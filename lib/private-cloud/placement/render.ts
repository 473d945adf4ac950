import { counted } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import type { FlavorRoom } from './capacity.ts';
import type { Sizing } from './sizing.ts';

/** A line for each zone, a column for each flavor: what fits after the worst failure, and now. */
export function renderRoom(cloud: string, room: readonly FlavorRoom[]): string {
  const flavors = [...new Set(room.map(({ flavor }) => flavor))];
  const zones = [...new Set(room.map(({ zone }) => zone))];
  const rows = zones.map((zone) => {
    const here = room.filter((each) => each.zone === zone);
    const worst = [...new Set(here.map((each) => each.worst ?? 'no host left'))];
    return [zone, ...flavors.map((flavor) => cell(here.find((each) => each.flavor === flavor))), worst.join(', ')];
  });
  const lines = table(rows, { head: ['zone', ...flavors, 'worst failure'], indent: 2 });
  return `${cloud}: servers that still fit after the worst failure (and now), counted for each flavor alone\n${lines.join('\n')}\n`;
}

function cell(room: FlavorRoom | undefined): string {
  return room === undefined ? '' : `${room.afterWorst} (${room.now})`;
}

/** What more environments need, in words. */
export function renderSizing(cloud: string, what: string, sizing: Sizing, currency: string): string {
  const lines = sizing.hosts.map(
    ({ group, hardware, count, monthly }) =>
      `  ${counted(count, 'more host')} in hosts.${group} (${hardware})${monthly === undefined ? '' : `, ${monthly} ${currency} a month`}`,
  );
  if (sizing.volumeGiB > 0) lines.push(`  ${sizing.volumeGiB} GiB more of volume storage`);
  if (!sizing.isEnough)
    lines.push(
      '  No number of hosts is enough: a spread tier has more servers than its zones can have hosts, or a flavor is larger than a host.',
    );
  const verdict = lines.length === 0 ? 'fit on the existing hosts, even after the worst failure' : 'need';
  const charge =
    sizing.chargedMonthly === undefined ? '' : `; ${sizing.chargedMonthly} ${currency} a month charged to their owners`;
  return `${cloud}: ${what} ${verdict}${charge}\n${lines.map((line) => `${line}\n`).join('')}`;
}
