import { partsOf } from '../../../stack/id.ts';
import { firstOf } from '../../../text/listed.ts';
import { code } from '../../../text/markdown.ts';
import { counted } from '../../../text/plural.ts';
import { isDisruptive, type Plan, type StackPlan } from '../../model.ts';
import { countActions, signatureOf } from '../group.ts';

/** Leases with equal plans share a row up to this many names. */
const SHOWN_NAMES = 4;

interface Row {
  readonly label: string;
  /** By column: environment or cloud. */
  readonly cells: ReadonlyMap<string, StackPlan>;
}

/** Stacks by environment: which differ, and which are the same. Unchanged rows are left out. */
export function summaryTable(plan: Plan): string[] {
  const rows = rowsOf(plan).filter((row) => [...row.cells.values()].some((stack) => stack.status !== 'unchanged'));
  if (rows.length === 0) return ['No changes.'];
  const columns = [...new Set(rows.flatMap((row) => [...row.cells.keys()]))].sort();
  const table = rows.map(
    (row) => `| ${row.label} | ${columns.map((column) => cell(row, column, columns)).join(' | ')} |`,
  );
  return [`| stack | ${columns.join(' | ')} |`, `|---|${columns.map(() => '---').join('|')}|`, ...table];
}

function rowsOf(plan: Plan): Row[] {
  const rows = new Map<string, Map<string, StackPlan>>();
  const leases = new Map<string, { column: string; stack: StackPlan; names: string[] }>();
  for (const stack of plan.stacks) {
    const { owner, lease, kind, isPart } = partsOf(stack.id);
    if (lease !== undefined) {
      const key = `${owner} ${signatureOf(stack)}`;
      const known = leases.get(key) ?? { column: owner, stack, names: [] };
      known.names.push(lease);
      leases.set(key, known);
      continue;
    }
    const label = code(kind);
    const row = rows.get(label) ?? new Map<string, StackPlan>();
    rows.set(label, row.set(isPart ? owner : 'all', stack));
  }
  return [
    ...[...rows].map(([label, cells]) => ({ label, cells })),
    ...[...leases.values()].map(({ column, stack, names }) => ({
      label: leaseLabel(names),
      cells: new Map([[column, stack]]),
    })),
  ];
}

function leaseLabel(names: readonly string[]): string {
  const shown = firstOf(names.map(code), SHOWN_NAMES);
  return `${names.length === 1 ? 'lease' : `${names.length} leases, the same:`} ${shown}`;
}

/** An environment whose plan is that of an earlier column says only so. */
function cell(row: Row, column: string, columns: readonly string[]): string {
  const stack = row.cells.get(column);
  if (stack === undefined) return '';
  if (stack.status === 'unchanged') return '=';
  const twin = columns.slice(0, columns.indexOf(column)).find((other) => {
    const earlier = row.cells.get(other);
    return earlier !== undefined && earlier.status !== 'unchanged' && signatureOf(earlier) === signatureOf(stack);
  });
  return twin === undefined ? describe(stack) : `same as ${twin}`;
}

const SIGNS = {
  create: '+',
  update: '~',
  interrupt: '!~',
  replace: '-/+',
  delete: '-',
  move: 'moved ',
  import: 'imported ',
  forget: 'removed from state ',
};

function describe(stack: StackPlan): string {
  if (stack.status === 'error') return '**error**';
  if (stack.status === 'unknown-here') return 'unknown here';
  const { actions, settings, noise } = countActions(stack.changes);
  const parts = actions.map(([action, count]) =>
    isDisruptive(action) ? `**${SIGNS[action]}${count}**` : `${SIGNS[action]}${count}`,
  );
  if (settings > 0) parts.push(counted(settings, 'setting'));
  if (parts.length === 0 && noise > 0) parts.push('noise only');
  const marks = [
    ...(stack.leaves === undefined ? [] : ['**goes elsewhere**']),
    ...(stack.ahead === undefined ? [] : ['**ahead of you**']),
    ...(stack.whole === undefined ? [] : [stack.whole === 'gone' ? '**gone**' : 'new']),
    ...(stack.status === 'waiting' ? ['waits'] : []),
    ...((stack.after ?? []).length > 0 ? ['planned again'] : []),
  ];
  return [parts.join(' '), ...marks].filter((part) => part !== '').join(', ');
}
