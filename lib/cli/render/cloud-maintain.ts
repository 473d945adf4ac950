import type { MaintainResult } from '../../actions/cloud/maintain.ts';
import type { MaintenanceGroup } from '../../private-cloud/maintenance/plan.ts';
import { duration } from '../../text/duration.ts';
import { counted } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** The groups in their order, and what each leaves. */
export function renderMaintain({ cloud, groups, seconds, problems }: MaintainResult, view: View): string {
  const { colors, columns } = view;
  const count = groups.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const found =
    problems.length === 0
      ? [
          `Servers as the leases place them. In the simulation nothing stops but what is said above, and one host more may fail. Nothing was done.`,
        ]
      : problems.map(({ group, problem }) => colors.yellow(`CAUTION: ${group}: ${problem}`));
  return [
    `${cloud}: ${counted(count, 'host')} in ${counted(groups.length, 'group')}, one after the other, about ${duration(seconds)}`,
    '',
    ...groups.flatMap((group, at) => groupLines(group, at, view)),
    ...found.flatMap((line) => wrap(line, columns)),
    '',
  ].join('\n');
}

function groupLines({ rack, hosts, moves, stays, room, costs, seconds }: MaintenanceGroup, at: number, view: View) {
  const { colors, columns } = view;
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
    '',
  ];
}

function gib(mebibytes: number): string {
  return `${Math.floor(mebibytes / 1024)} GiB`;
}
