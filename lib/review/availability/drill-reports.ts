import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { filesBelow, readIfThere } from '../../fs/files.ts';
import { isSameTimers, SHIPPED_TIMERS } from '../../private-cloud/topology/timers.ts';
import { jsonIn } from '../../text/json.ts';

const drillReport = z.object({
  // What is read here is the same in both.
  format: z.enum(['tandem.drill/1', 'tandem.drill/2']),
  at: z.string(),
  timers: z.record(z.string(), z.number()),
  drills: z.array(
    z.object({
      drill: z.string(),
      compared: z.array(z.object({ probe: z.string(), measured: z.object({ gap: z.number() }) })),
    }),
  ),
});

type Report = z.output<typeof drillReport>;

/** Where drills leave their reports, in a folder each, and where one is kept that was committed. */
const REPORTS = ['.tandem/drill', 'docs/drill'];

/**
 * The longest time without a token after a power-off, from the newest report of each drill that takes one; undefined where there is
 * none, or where they were run with other settings than those shipped now.
 */
export function measuredGap(root: string): number | undefined {
  const drills = REPORTS.flatMap((folder) => reportsIn(join(root, folder)))
    .filter(({ timers }) => isSameTimers(SHIPPED_TIMERS, timers))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .flatMap((report) => report.drills);
  const newest = ['holder-off', 'rack-off'].flatMap((name) => drills.find(({ drill }) => drill === name) ?? []);
  const gaps = newest.flatMap(tokenGaps);
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}

function tokenGaps({ compared }: Report['drills'][number]): number[] {
  return compared.filter(({ probe }) => probe === 'token').map(({ measured }) => measured.gap);
}

/** A report that cannot be read, half written by a drill that was interrupted, is none: a prediction serves. Links and pipes are not read. */
function reportsIn(folder: string): Report[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return filesBelow(folder, '.json').flatMap((file) => drillReport.safeParse(jsonIn(readIfThere(file))).data ?? []);
}
