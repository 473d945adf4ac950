import type { ChangeOutcome } from './change.ts';
import type { DarkStart } from './dark-start.ts';
import { DRILLS } from './drills.ts';
import { type Compared, compare, faultsOf, figuresOf } from './judge.ts';
import type { Outcome } from './play.ts';
import { changeLines, darkStartLines, restoreLines, seconds } from './report-parts.ts';
import type { RestoreOutcome } from './restore.ts';
import type { Adaptations } from './target.ts';

/** Everything of a run. Format `tandem.drill/2`; `/1` had `felt` for `outages`, and `wholeSeconds` for `healthySeconds`. */
export interface DrillReport {
  readonly format: 'tandem.drill/2';
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly timers: Readonly<Record<string, number>>;
  readonly adaptations: Adaptations;
  readonly drills: readonly (Outcome & {
    readonly compared: readonly Compared[];
    readonly faults: readonly string[];
    readonly figures: ReturnType<typeof figuresOf>;
  })[];
  readonly darkStarts: readonly DarkStart[];
  readonly restores: readonly RestoreOutcome[];
  /** Of members. */
  readonly changes: readonly ChangeOutcome[];
}

/** What was played. */
export interface Played {
  readonly outcomes: readonly Outcome[];
  readonly darkStarts: readonly DarkStart[];
  readonly restores: readonly RestoreOutcome[];
  readonly changes: readonly ChangeOutcome[];
}

export function reportOf(
  facts: Omit<DrillReport, 'format' | 'drills' | 'darkStarts' | 'restores' | 'changes'>,
  { outcomes, darkStarts, restores, changes }: Played,
): DrillReport {
  const drills = outcomes.map((outcome) => ({
    ...outcome,
    ...{ compared: compare(outcome), faults: faultsOf(outcome), figures: figuresOf(outcome) },
  }));
  return { format: 'tandem.drill/2', ...facts, drills, darkStarts, restores, changes };
}

/** For people: predictions and measurements side by side, and what they are no evidence for. */
export function reportMarkdown(report: DrillReport): string {
  const lines = [`# Drill ${report.run}`, '', `${report.at}, ${Math.round(report.seconds)} s in all.`];
  for (const drill of report.drills) lines.push('', ...drillLines(drill));
  if (report.darkStarts.length > 0) lines.push('', ...darkStartLines(report.darkStarts));
  for (const restore of report.restores) lines.push('', ...restoreLines(restore));
  for (const change of report.changes) lines.push('', ...changeLines(change));
  lines.push('', '## What this is not evidence for', '');
  const by = Map.groupBy(
    report.adaptations.entries.filter(({ notEvidence }) => notEvidence !== undefined),
    ({ notEvidence }) => notEvidence ?? '',
  );
  for (const [what, entries] of by)
    lines.push(`- ${what} (${[...new Set(entries.map(({ reason }) => reason))].join('; ')})`);
  lines.push('- TLS, disks that lose unwritten data, networks that lose packets: the drill has none of these');
  lines.push('', `Adaptations: \`${report.adaptations.version}\`, ${report.adaptations.entries.length} of them:`, '');
  for (const { id, file, reason } of report.adaptations.entries) lines.push(`- \`${id}\` (${file}): ${reason}`);
  return `${lines.join('\n')}\n`;
}

function drillLines(drill: DrillReport['drills'][number]): readonly string[] {
  const { stage, compared, faults, figures, returned, syncedSeconds, readBack } = drill;
  const lines = [
    `## ${DRILLS[drill.drill].title}`,
    '',
    `Failed hosts: ${stage.gone.join(', ')}. VIP on ${stage.holder}, writer ${stage.writer}, OVN led by ${stage.ovnLeader}. Predictions frozen as \`${drill.predictionDigest.slice(0, 19)}\`.`,
    '',
    'A gap is the longest time between two successes of a request.',
    '',
    '| request | predicted gap (at most) | measured gap | recovered after | failed requests | usual gap | as predicted | within tolerance |',
    '|---|---|---|---|---|---|---|---|',
  ];
  for (const row of compared) {
    const said =
      row.outcome === 'gap' ? `${row.gapSeconds.toFixed(1)} s (${row.atMostSeconds.toFixed(1)})` : row.outcome;
    const { gap, back, failed, usualGap } = row.measured;
    const cells = [row.probe, said, seconds(gap), seconds(back), String(failed), seconds(usualGap)];
    lines.push(`| ${[...cells, row.sameService ? 'yes' : 'NO', row.withinTolerance ? 'yes' : 'no'].join(' | ')} |`);
  }
  if (returned.length > 0) {
    const back = returned.map(({ probe, back: after }) => `${probe} ${seconds(after)}`).join(', ');
    const synced = Object.entries(syncedSeconds).map(([host, after]) => `${host} ${seconds(after)}`);
    lines.push(
      '',
      `Recovered after power or cable returned: ${back}. Databases synced: ${synced.join(', ')}. Every service healthy: ${seconds(drill.healthySeconds)}.`,
    );
  }
  const read = Object.entries(readBack).map(([probe, { acknowledged, lost }]) => `${probe} ${lost} of ${acknowledged}`);
  lines.push(
    '',
    `Acknowledged writes that were lost: ${read.join(', ')}. Rows written by a minority: ${drill.minorityRows}.`,
    '',
  );
  for (const { what, atMost, unit, measured, holds } of figures) {
    const value = unit === 's' ? seconds(measured) : String(measured ?? 'unknown');
    lines.push(`- ${holds ? 'holds' : 'MISSED'}: ${what}: ${value}, at most ${atMost} ${unit}`);
  }
  lines.push(...faults.map((fault) => `- **WRONG**: ${fault}`));
  if (faults.length === 0)
    lines.push(
      '- no acknowledged write was lost, no minority accepted a write, and every service failed and recovered as predicted',
    );
  return lines;
}
