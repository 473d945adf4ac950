import { counted } from '../text/plural.ts';
import type { EnvironmentRow } from './list.ts';
import type { ReapAction } from './reap.ts';

/** Columns, as wide as they need to be; numbers to the right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const isNumeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[\d.,–-]*$/.test(row[column] ?? '')),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          isNumeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function renderList(rows: readonly EnvironmentRow[], currency: string): string {
  if (rows.length === 0) return 'No dev environments are leased.\n';
  const table = renderTable(
    ['NAME', 'CLOUD', 'BLUEPRINT', 'OWNER', 'AGE', 'ENDS', `${currency}/MONTH`, 'STATE', 'DRIFT'],
    rows.map((row) => [
      row.name,
      row.cloud,
      row.blueprint,
      row.owner,
      `${row.ageDays} d`,
      `${row.until} (${row.ends})`,
      row.monthlyCost === null ? '-' : row.monthlyCost.toFixed(2),
      row.protected ? `${row.state}, protected` : row.state,
      row.drift === null ? '-' : row.drift === 0 ? 'none' : `${row.drift} changed`,
    ]),
  );
  const total = rows.reduce((sum, row) => sum + (row.monthlyCost ?? 0), 0);
  return `${table}${counted(rows.length, 'environment')}, ${total.toFixed(2)} ${currency} a month\n`;
}

const VERBS: Readonly<Record<ReapAction['action'], string>> = {
  nothing: 'leave',
  warn: 'WARN',
  stop: 'STOP',
  wait: 'wait',
  delete: 'DELETE',
  spare: 'spare',
};

export function renderReap(actions: readonly ReapAction[], executed: boolean): string {
  const shown = actions.filter(({ action }) => action !== 'nothing');
  const left = actions.length - shown.length;
  const table =
    shown.length === 0
      ? ''
      : renderTable(
          ['ACTION', 'NAME', 'OWNER', 'WHY'],
          shown.map((each) => [VERBS[each.action], each.name, each.owner, each.reason]),
        );
  const end = executed ? '' : 'Nothing was done; --execute does it.\n';
  return `${table}${counted(left, 'lease is', 'leases are')} not due.\n${end}`;
}
