import type { ImportResult } from '../../actions/import/import.ts';
import { printableLine } from '../../text/printable.ts';

/** What becomes what, what the first plan changes of it, and what is not clear. */
export function renderImport({ stack, note, matches, ambiguous, missing, left }: ImportResult): string {
  const taken = matches.filter(({ replacing }) => replacing.length === 0);
  const changes = taken.filter(({ differs }) => differs.length > 0);
  const replaced = matches.filter(({ replacing }) => replacing.length > 0);
  const lines = [
    ...section(
      'imported',
      taken.map(({ to, id, from }) => `${to} <- ${id} (${from})`),
    ),
    ...section(
      'changed by the first plan',
      changes.map(({ to, differs }) => `${to}: ${differs.join(', ')}`),
    ),
    ...section(
      'CAUTION: replaced by the first plan, and taken in with --allow-replace alone',
      replaced.map(({ to, id, replacing }) => `${to} <- ${id}: ${replacing.join(', ')}`),
    ),
    ...section(
      'not clear, several fit',
      ambiguous.map(({ to, candidates }) => `${to}: ${candidates.join(', ')}`),
    ),
    ...section('made by the first plan', missing),
    ...section('left alone', left),
    note === null ? 'nothing is noted' : `noted in ${note}: \`tandem plan --live ${stack}\` imports it`,
  ];
  return `${lines.map(printableLine).join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`), ''];
}
