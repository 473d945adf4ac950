import type { StateListResult, StateShowResult } from '../../actions/state/state.ts';
import { stateSummary } from '../../deploy/versions/render-state.ts';
import { minuteOf } from '../../text/duration.ts';
import { table } from '../../text/table.ts';

export function renderVersions({ stack, present, versions }: StateListResult): string {
  const now =
    present === null
      ? `${stack} has no state.`
      : `${stack} has serial ${present.serial}, ${present.resources} resources, lineage ${present.lineage}.`;
  if (versions.length === 0) return `${now}\nNo version of it is kept.\n`;
  const rows = versions.map((each) => [
    ...[each.id, minuteOf(each.at), each.moment, String(each.serial), String(each.resources)],
    ...[each.commit.slice(0, 10), each.by],
  ]);
  const head = ['version', 'at (UTC)', 'moment', 'serial', 'resources', 'commit', 'by'];
  return `${[now, '', ...table(rows, { head, right: [3, 4] })].join('\n')}\n`;
}

export function renderComparison({ stack, version, ...comparison }: StateShowResult): string {
  return `Version ${version} of ${stack}, beside the present state:\n${stateSummary(comparison)}\n`;
}
