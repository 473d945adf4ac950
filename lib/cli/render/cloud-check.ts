import type { CheckResult } from '../../actions/cloud/check.ts';
import { formatProblem } from '../../config/diagnostic.ts';
import { table } from '../../text/table.ts';

/** Problems of clouds, then the clouds that have none; or the rules. */
export function renderCheck({ problems, sound, rules }: CheckResult): string {
  const lines =
    rules === undefined
      ? [
          ...problems.map(formatProblem),
          ...sound.map(({ cloud, layout }) => `${cloud}: every rule holds for layout ${layout}`),
        ]
      : table(rules.map(({ rule, severity, asks }) => [rule, severity, asks]));
  return lines.map((line) => `${line}\n`).join('');
}
