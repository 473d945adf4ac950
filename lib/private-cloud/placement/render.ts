import { table } from '../../text/table.ts';
import type { FlavorRoom } from './capacity.ts';
import type { Growth } from './sizing.ts';

/** A line for each zone, a column for each flavor: what fits after the worst failure, and now. */
export function renderRoom(cloud: string, room: readonly FlavorRoom[]): string {
  const flavors = [...new Set(room.map(({ flavor }) => flavor))];
  const zones = [...new Set(room.map(({ zone }) => zone))];
  const rows = zones.map((zone) => {
    const here = room.filter((each) => each.zone === zone);
    const worst = [...new Set(here.map((each) => each.worst ?? 'nothing left'))];
    return [zone, ...flavors.map((flavor) => cell(here.find((each) => each.flavor === flavor))), worst.join(', ')];
  });
  const lines = table(rows, { head: ['zone', ...flavors, 'worst failure'], indent: 2 });
  return `${cloud}: servers that still fit after the worst failure (and now), each flavor by itself\n${lines.join('\n')}\n`;
}

function cell(room: FlavorRoom | undefined): string {
  return room === undefined ? '' : `${room.afterWorst} (${room.now})`;
}

/** What more environments need, in words. */
export function renderGrowth(cloud: string, what: string, growth: Growth, currency: string): string {
  const lines = growth.hosts.map(
    ({ group, hardware, count, monthly }) =>
      `  ${count} more of hosts.${group} (${hardware})${monthly === undefined ? '' : `, ${monthly} ${currency} a month`}`,
  );
  if (growth.volumeGiB > 0) lines.push(`  ${growth.volumeGiB} GiB more of volumes`);
  if (!growth.isEnough)
    lines.push('  and no number of hosts is enough: a tier is wider than its zones, or a flavor larger than a host');
  const verdict = lines.length === 0 ? 'fit on what there is, worst failure included' : 'need';
  const charge =
    growth.chargedMonthly === undefined ? '' : `; ${growth.chargedMonthly} ${currency} a month for their owners`;
  return `${cloud}: ${what} ${verdict}${charge}\n${lines.map((line) => `${line}\n`).join('')}`;
}
