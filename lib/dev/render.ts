import { counted } from '../text/plural.ts';
import { table } from '../text/table.ts';
import type { EnvironmentRow } from './list.ts';
import type { ReapAction } from './reap.ts';

export function renderList(rows: readonly EnvironmentRow[], currency: string): string {
  if (rows.length === 0) return 'No dev environment is leased.\n';
  const isAsked = rows.some(({ spent }) => spent !== null);
  const isCompared = rows.some(({ drift }) => drift !== null);
  const lines = table(
    rows.map((row) => [
      row.name,
      row.cloud,
      row.blueprint ?? '-',
      row.owner,
      row.ageDays === null ? '-' : `${row.ageDays} d`,
      `${row.until} (${row.ends})`,
      row.monthlyCost === null ? '-' : row.monthlyCost.toFixed(2),
      ...(isAsked ? [row.spent === null ? '-' : row.spent.amount.toFixed(2)] : []),
      [
        row.state,
        ...(row.protected ? ['protected'] : []),
        ...(row.asked === null ? [] : [`asked until ${row.asked.until}`]),
        ...(row.behind ? ['not pulled'] : []),
      ].join(', '),
      ...(isCompared ? [row.drift === null ? '-' : row.drift === 0 ? 'none' : `${row.drift} changed`] : []),
    ]),
    {
      head: [
        'NAME',
        'CLOUD',
        'BLUEPRINT',
        'OWNER',
        'AGE',
        'ENDS',
        `${currency}/MONTH`,
        ...(isAsked ? ['SPENT'] : []),
        'STATE',
        ...(isCompared ? ['DRIFT'] : []),
      ],
    },
  );
  const total = rows.reduce((sum, row) => sum + (row.monthlyCost ?? 0), 0);
  const behind = rows.filter((row) => row.behind).map((row) => row.name);
  const pull =
    behind.length === 0
      ? ''
      : `This checkout is behind: others changed ${behind.join(', ')}. \`git pull\` brings the leases.\n`;
  return `${lines.join('\n')}\n${counted(rows.length, 'environment')}, ${total.toFixed(2)} ${currency} a month\n${pull}`;
}

const VERBS: Readonly<Record<ReapAction['action'], string>> = {
  nothing: 'none',
  warn: 'WARN',
  stop: 'STOP',
  wait: 'wait',
  delete: 'DELETE',
  spare: 'skip',
};

export function renderReap(actions: readonly ReapAction[], executed: boolean): string {
  const shown = actions.filter(({ action }) => action !== 'nothing');
  const left = actions.length - shown.length;
  const lines =
    shown.length === 0
      ? []
      : table(
          shown.map((each) => [VERBS[each.action], each.name, each.owner, each.reason]),
          { head: ['ACTION', 'NAME', 'OWNER', 'WHY'] },
        );
  const end = executed ? '' : 'This was a dry run: nothing was changed. --execute carries it out.\n';
  return `${[...lines, `${counted(left, 'lease is', 'leases are')} not due.`].join('\n')}\n${end}`;
}
