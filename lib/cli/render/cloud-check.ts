import type { CheckedSecret, CheckedSecrets, CheckResult } from '../../actions/cloud/check.ts';
import { formatProblem } from '../../config/diagnostic.ts';
import { asLines } from '../../text/lines.ts';
import { table } from '../../text/table.ts';

/** Problems of clouds, then the clouds that have none, then files of secrets; or the rules. */
export function renderCheck({ problems, sound, rules, secrets = [] }: CheckResult): string {
  const lines =
    rules === undefined
      ? [
          ...problems.map(formatProblem),
          ...sound.map(({ cloud, layout }) => `${cloud}: every rule holds for layout ${layout}`),
          ...secrets.flatMap(secretLines),
        ]
      : table(rules.map(({ rule, severity, asks }) => [rule, severity, asks]));
  return asLines(lines);
}

function secretLines({ cloud, folder, files }: CheckedSecrets): string[] {
  const isHere = files.every(({ state }) => state !== 'unknown');
  const head = `${cloud}: ${folder} must hold${isHere ? '' : '; it is not on this machine, so nothing was looked at'}`;
  return [head, ...table(files.map((file) => [`  ${file.path}`, stateOf(file), file.reader]))];
}

function stateOf({ state, faults, until, path }: CheckedSecret): string {
  if (state === 'unknown') return '-';
  if (state === 'broken') return faults.map((each) => each.replace(`${path} `, '')).join('; ');
  return until === undefined ? 'there' : `holds until ${until.slice(0, 10)}`;
}
