import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { HA_CLOUD_FILE, haDown, haUp, openDrillTarget, openHaPorts } from '../../../lab/ha/index.ts';
import { type DrillingOptions, runDrills } from '../../../lib/cloud-operations/drill/run-drills.ts';
import { hostUnreachable } from '../../../lib/engines/kolla/errors.ts';
import type { DrillReport } from '../../../lib/private-cloud/drill/report.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';

/** Not the folder of `lab up --ha`: a lab that somebody else started is not a test's to break. */
export const directory = process.env['TANDEM_HA_DIRECTORY'] ?? '/var/lib/tandem-lab-ha-test';
export const say = (what: string): void => void process.stderr.write(`${what}\n`);

/** What is led or changed in a drill, without what every one of them is given. */
type Led = 'darkStarts' | 'changes';
type Drills<K extends Led> = Omit<NonNullable<DrillingOptions[K]>, 'ports' | 'signal'>;

export interface DrilledLab {
  /** Plays dark starts or changes of members, and shows their report. */
  drill(drills: { readonly [K in Led]?: Drills<K> }): Promise<DrillReport>;
}

/** A lab of its own for the tests around the call: three controllers, or those that are named, from the first test to the last. */
export function drilledLab(controllers?: readonly string[]): DrilledLab {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-drill-'));
    await haDown({ directory, keepPackages: true });
    await haUp({
      ...{ directory, timers: SHIPPED_TIMERS, onProgress: ({ phase, message }) => say(`${phase}: ${message}`) },
      ...(controllers === undefined ? {} : { controllers }),
    });
  }, 1_800_000);
  afterAll(async () => {
    await haDown({ directory, keepPackages: true });
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);
  return {
    async drill({ darkStarts, changes }) {
      const ports = await openHaPorts({ directory, timers: SHIPPED_TIMERS, unreachable: hostUnreachable });
      const led = { ports, signal: new AbortController().signal };
      const run = await runDrills({
        ...{ drills: [], folder, at: new Date(), say, cloudFile: HA_CLOUD_FILE },
        ...(darkStarts === undefined ? {} : { darkStarts: { ...darkStarts, ...led } }),
        ...(changes === undefined ? {} : { changes: { ...changes, ...led } }),
        target: await openDrillTarget({ directory }),
      });
      say(readFileSync(run.markdown, 'utf8').split('## What this')[0] ?? '');
      return run.report;
    },
  };
}
