import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Cloud, cloudSchema } from '../../config/schema/cloud.ts';
import type { ChangeOutcome } from '../../private-cloud/drill/change.ts';
import type { DarkStart, DarkStartTarget } from '../../private-cloud/drill/dark-start.ts';
import { DRILLS, type DrillName } from '../../private-cloud/drill/drills.ts';
import { asDrill, drillPredictionsChanged } from '../../private-cloud/drill/errors.ts';
import { type Freeze, type Outcome, play } from '../../private-cloud/drill/play.ts';
import { predict } from '../../private-cloud/drill/predict.ts';
import { type DrillReport, reportMarkdown, reportOf } from '../../private-cloud/drill/report.ts';
import type { RestoreOutcome } from '../../private-cloud/drill/restore.ts';
import { SHIPPED_TIMERS } from '../../private-cloud/topology/timers.ts';
import { type MemberDrill, type MemberDrillOptions, runMemberDrill } from './run-changes.ts';
import { type DarkOrder, type DarkStartsOptions, runDarkStarts } from './run-dark-starts.ts';
import { type RestoreDrillProps, runRestoreDrill } from './run-restore.ts';

export interface DrillRun {
  readonly report: DrillReport;
  /** Files of it. */
  readonly json: string;
  readonly markdown: string;
}

export interface DrillingOptions {
  readonly drills: readonly DrillName[];
  /** Played after the drills. @default none */
  readonly darkStarts?: { readonly orders: readonly DarkOrder[] } & Pick<DarkStartsOptions, 'ports' | 'signal'>;
  /** Played after dark starts. @default none */
  readonly restore?: Pick<RestoreDrillProps, 'ports' | 'stage' | 'signal'>;
  /** Played last, one after the other. @default none */
  readonly changes?: { readonly drills: readonly MemberDrill[] } & Pick<MemberDrillOptions, 'ports' | 'signal'>;
  readonly target: DarkStartTarget;
  /** Configuration of the cloud that the target is. */
  readonly cloudFile: string;
  /** Gets a folder for the run: `.tandem/drill`. */
  readonly folder: string;
  readonly at: Date;
  readonly say: (what: string) => void;
}

/** Plays drills one after the other. Reports are written after each, so that one that does not come back takes none with it. */
export async function runDrills(options: DrillingOptions): Promise<DrillRun> {
  const { drills, darkStarts, restore, changes, target, cloudFile, folder, at, say } = options;
  const run = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const own = join(folder, run);
  mkdirSync(own, { recursive: true });
  const cloud = cloudSchema.parse(parse(readFileSync(cloudFile, 'utf8')));
  const [json, markdown] = [join(own, 'report.json'), join(own, 'report.md')];
  const facts = { run, at: at.toISOString(), timers: SHIPPED_TIMERS, adaptations: target.adaptations };
  const outcomes: Outcome[] = [];
  const dark: DarkStart[] = [];
  const restores: RestoreOutcome[] = [];
  const changed: ChangeOutcome[] = [];
  const write = (): DrillReport => {
    const played = { outcomes, darkStarts: dark, restores, changes: changed };
    const report = reportOf({ ...facts, seconds: Math.round((Date.now() - at.getTime()) / 1000) }, played);
    writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
    writeFileSync(markdown, reportMarkdown(report));
    return report;
  };
  for (const name of drills) {
    const file = join(own, `${name}.predictions.json`);
    const freeze = freezer(cloud, file);
    const outcome = await asDrill(name, play(target, DRILLS[name], { run: `${run}-${name}`, freeze, say }));
    if (digestOf(readFileSync(file)) !== outcome.predictionDigest) throw drillPredictionsChanged(file);
    outcomes.push(outcome);
    write();
  }
  if (darkStarts !== undefined) {
    const played = (outcome: DarkStart): void => {
      dark.push(outcome);
      write();
    };
    await runDarkStarts(darkStarts.orders, { ...darkStarts, cloud, target, run, say, played });
  }
  if (restore !== undefined) {
    const place = { run: `${run}-restore`, folder: join(own, 'restore') };
    restores.push(await asDrill('restore', runRestoreDrill({ ...restore, ...place, cloud, target, say })));
    write();
  }
  if (changes !== undefined)
    for (const drill of changes.drills) {
      changed.push(await runMemberDrill(drill, { ...changes, cloud, target, run, say }));
      write();
    }
  return { report: write(), json, markdown };
}

function freezer(cloud: Cloud, file: string): Freeze {
  return async (drill, stage) => {
    const predictions = predict(cloud, drill, stage);
    const text = `${JSON.stringify({ format: 'tandem.drill-predictions/1', drill, stage, predictions }, undefined, 2)}\n`;
    writeFileSync(file, text, { mode: 0o444 });
    return await Promise.resolve({ predictions, digest: digestOf(text) });
  };
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
