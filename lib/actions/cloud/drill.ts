import { join } from 'node:path';
import { type DrillRun, runDrills } from '../../cloud-operations/drill/run-drills.ts';
import { DRILL_NAMES, type DrillName } from '../../private-cloud/drill/drills.ts';
import { type ActionContext, inform } from '../context.ts';

export interface DrillOptions {
  /** @default all */
  readonly drills: readonly DrillName[];
  /** Folder of the lab. @default /var/lib/tandem-lab-ha */
  readonly directory?: string | undefined;
}

/** Breaks the lab's three controllers and compares with what was predicted. @throws TandemError `drill-failed`, and those of the lab */
export async function drill(context: ActionContext, { drills, directory }: DrillOptions): Promise<DrillRun> {
  // Loaded when asked for: the product runs where there is no lab.
  const { openDrillTarget, HA_CLOUD_FILE } = await import('../../../lab/ha/index.ts');
  const run = await runDrills({
    drills: drills.length === 0 ? DRILL_NAMES : drills,
    target: await openDrillTarget(directory === undefined ? {} : { directory }),
    cloudFile: HA_CLOUD_FILE,
    folder: join(context.root, '.tandem', 'drill'),
    at: context.now(),
    say: (what) => inform(context, what),
  });
  inform(context, `Written to ${run.markdown} and ${run.json}.`);
  return run;
}
