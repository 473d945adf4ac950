import { firstLines } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import type { StateComparison } from './restore.ts';

/** Addresses that are listed one by one. */
const SHOWN = 30;

/** What restoring a version means, for whoever is asked. Pure. */
export function stateSummary({ added, lost, both }: StateComparison): string {
  const lines = [
    `${counted(both.length, 'resource')} in both, ${added.length} known again, ${lost.length} known no longer.`,
  ];
  lines.push(...addressLines('+', added), ...addressLines('-', lost));
  if (added.length > 0)
    lines.push('The next plan compares those known again with the cloud: what is there no more would be created.');
  if (lost.length > 0)
    lines.push(
      'CAUTION: those known no longer stay in the cloud, and the next plan would create them a second time, or fail on their names.',
    );
  return lines.join('\n');
}

function addressLines(sign: '+' | '-', addresses: readonly string[]): string[] {
  return firstLines(addresses, SHOWN, (count) => `${count} more`).map((each) => `  ${sign} ${each}`);
}
