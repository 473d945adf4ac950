import { join } from 'node:path';
import { memberDrills } from '../../cloud-operations/drill/run-changes.ts';
import { ordersOf } from '../../cloud-operations/drill/run-dark-starts.ts';
import { type DrillRun, runDrills } from '../../cloud-operations/drill/run-drills.ts';
import { hostUnreachable } from '../../engines/kolla/errors.ts';
import { DRILL_NAMES, type DrillName } from '../../private-cloud/drill/drills.ts';
import { SHIPPED_TIMERS } from '../../private-cloud/topology/timers.ts';
import { type ActionContext, inform } from '../context.ts';

export interface DrillOptions {
  /** @default all */
  readonly drills: readonly DrillName[];
  /** Dark starts in every order as well; alone where no drill is named. @default false */
  readonly darkStart?: boolean;
  /** A deleted database and its restore as well; alone where no drill is named. @default false */
  readonly restore?: boolean;
  /** Changes of members as well; alone where no drill is named. @default false */
  readonly members?: boolean;
  /** Folder of the lab. @default /var/lib/tandem-lab-ha */
  readonly directory?: string | undefined;
}

/** Breaks the lab's three controllers and compares with what was predicted. @throws TandemError `drill-failed`, and those of the lab */
export async function drill(context: ActionContext, options: DrillOptions): Promise<DrillRun> {
  const { drills, darkStart = false, restore = false, members = false, directory } = options;
  // Loaded when asked for: the product runs where there is no lab.
  const { openDrillTarget, openHaPorts, HA_CLOUD_FILE, HA_MACHINES } = await import('../../../lab/ha/index.ts');
  const lab = directory === undefined ? {} : { directory };
  const target = await openDrillTarget(lab);
  const { keep, ...ports } = await openHaPorts({ ...lab, timers: SHIPPED_TIMERS, unreachable: hostUnreachable });
  const orders = ordersOf(target.hosts.map(({ name }) => name)).map((order) => ({ order }));
  const run = await runDrills({
    drills: drills.length === 0 && !darkStart && !restore && !members ? DRILL_NAMES : drills,
    ...(darkStart ? { darkStarts: { orders, ports, signal: context.signal } } : {}),
    ...(restore ? { restore: { ports, stage: keep, signal: context.signal } } : {}),
    ...(members ? { changes: { drills: memberDrills(HA_MACHINES), ports, signal: context.signal } } : {}),
    target,
    cloudFile: HA_CLOUD_FILE,
    folder: join(context.root, '.tandem', 'drill'),
    at: context.now(),
    say: (what) => inform(context, what),
  });
  inform(context, `Written to ${run.markdown} and ${run.json}.`);
  return run;
}
