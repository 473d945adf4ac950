import type { Colors } from 'picocolors/types.js';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import type { MaintenanceGroup, MaintenancePlan } from './plan.ts';

export interface PlanView {
  readonly colors: Pick<Colors, 'bold' | 'yellow'>;
  /** Width in characters. */
  readonly columns: number;
}

/** The groups in their order, and what each leaves, in lines. */
export function renderPlan({ cloud, groups, seconds }: MaintenancePlan, view: PlanView): string[] {
  const count = groups.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const total = `${cloud}: ${counted(count, 'host')} in ${counted(groups.length, 'group')}, one after the other`;
  return [`${total}, about ${duration(seconds)}`, '', ...groups.flatMap((group, at) => groupLines(group, at, view))];
}

function groupLines(
  { rack, hosts, moves, stays, room, costs, asks, seconds }: MaintenanceGroup,
  at: number,
  { colors, columns }: PlanView,
): string[] {
  const inset = (text: string, paint = (each: string) => each): string[] =>
    wrap(text, columns - 3).map((line) => `   ${paint(line)}`);
  const kept = stays.map(({ what, left, of }) => `${what} ${left} of ${of}`).join('; ');
  return [
    `${colors.bold(`${at + 1}. rack ${rack}`)}: ${counted(hosts.length, 'host')}, about ${duration(seconds)}`,
    ...inset(hosts.join(', ')),
    ...(moves.servers > 0
      ? inset(`moves away: ${counted(moves.servers, 'server')}, ${gib(moves.memoryMiB)} of memory`)
      : []),
    ...(kept === '' ? [] : inset(`stays: ${kept}`)),
    ...room.flatMap(({ zone, memoryMiB, vcpus }) =>
      inset(`free in zone ${zone}, one host more lost: ${gib(memoryMiB)} of memory, ${vcpus} vCPUs`),
    ),
    ...costs.flatMap((cost) => inset(cost, colors.yellow)),
    ...asks.flatMap((ask) => inset(ask)),
    '',
  ];
}

function gib(mebibytes: number): string {
  return `${Math.floor(mebibytes / 1024)} GiB`;
}
