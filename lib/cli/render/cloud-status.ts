import type { Difference, StatusReport } from '../../private-cloud/status/report.ts';
import { counted } from '../../text/plural.ts';
import { printableLine } from '../../text/printable.ts';
import { wrap } from '../../text/wrap.ts';
import type { View } from '../view.ts';

/** Lines of one area; `--json` has all. */
const SHOWN = 20;

/** What differs first, by area; then what is as it should be. */
export function renderStatus({ cloud, differences, asked }: StatusReport, view: View): string {
  const { colors, columns } = view;
  const by = Map.groupBy(differences, ({ area }) => area);
  const sound = asked.filter(({ area, count }) => count > 0 && !by.has(area));
  const unasked = asked.filter(({ area, count }) => count === 0 && !by.has(area));
  const list = (areas: typeof asked): string =>
    areas.map(({ area, count }) => (count > 0 ? `${count} ${area}` : area)).join(', ');
  return [
    differences.length === 0
      ? `${cloud}: as its configuration says`
      : colors.yellow(`${cloud}: ${counted(differences.length, 'difference')}`),
    ...[...by].flatMap(([area, each]) => ['', colors.bold(area), ...linesOf(each, columns)]),
    '',
    ...(sound.length > 0 ? wrap(`as they should be: ${list(sound)}`, columns) : []),
    ...(unasked.length > 0 ? wrap(`nothing to compare: ${list(unasked)}`, columns) : []),
    '',
  ].join('\n');
}

/** Those that differ alike are one line. */
function linesOf(differences: readonly Difference[], columns: number): string[] {
  const alike = [...Map.groupBy(differences, ({ expected, found }) => `${found}; should be: ${expected}`)];
  const shown = alike.slice(0, SHOWN).flatMap(([text, each]) => {
    const subjects = each.map(({ subject }) => subject).join(', ');
    return wrap(printableLine(`${subjects}: ${text}`), columns - 2).map((line) => `  ${line}`);
  });
  return alike.length > SHOWN ? [...shown, `  and ${alike.length - SHOWN} more`] : shown;
}
