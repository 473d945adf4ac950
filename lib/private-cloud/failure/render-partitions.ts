import type { Colors } from 'picocolors/types.js';
import { counted, plural } from '../../text/plural.ts';
import { table } from '../../text/table.ts';
import type { PartitionEffect, SideEffect } from './partitions.ts';

/** A line for each partition: which side serves, and what the other one still does. Nothing where the cloud has one rack. */
export function partitionLines(partitions: readonly PartitionEffect[], colors: Colors): string[] {
  if (partitions.length === 0) return [];
  const rows = partitions.map((effect) => {
    const { sides, serves } = effect;
    const other = serves === null ? undefined : sides[serves === 0 ? 1 : 0];
    return [
      sides.map(({ racks }) => racks.join(', ')).join(' | '),
      serves === null ? 'neither side' : sides[serves].racks.join(', '),
      serves === null ? sides.map(describeSide).join('; ') : other === undefined ? '' : describeSide(other),
    ];
  });
  const [titles = '', ...lines] = table(rows, { head: ['RACKS APART, ALL UP', 'SERVES', 'WHAT DOES NOT'] });
  return [
    colors.dim(titles),
    ...lines,
    colors.dim(
      'Servers run on, on both sides: before any is started elsewhere, its host must be fenced, or both write to one disk.',
    ),
  ];
}

/** `a: holds the VIP too, 21 services down, 19 servers hang`. */
function describeSide({ racks, holdsVip, down, servers, hanging }: SideEffect): string {
  const parts = [
    ...(holdsVip === true ? ['holds the VIP'] : []),
    `${counted(down.length, 'service')} down`,
    ...(hanging > 0
      ? [`${counted(hanging, 'server')} ${plural(hanging, 'hangs', 'hang')}`]
      : servers > 0
        ? [`${counted(servers, 'server')} ${plural(servers, 'runs', 'run')} on`]
        : []),
  ];
  return `${racks.join(', ')}: ${parts.join(', ')}`;
}
