import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Project } from '../config/project.ts';
import { availabilityLines } from '../ha/failure/line.ts';
import { SHIPPED_TIMERS } from '../ha/timers.ts';
import type { Plan } from '../plan/model.ts';

/** The plan with a line for each cloud that it touches; unchanged where it touches none. Asks no cloud. */
export function withAvailability(plan: Plan, project: Project, root: string): Plan {
  const clouds = touchedClouds(plan);
  if (clouds.length === 0) return plan;
  return { ...plan, availability: availabilityLines(project, clouds, measuredGap(root)) };
}

/** Clouds with a stack, a lease or their own tree that changes. */
export function touchedClouds(plan: Pick<Plan, 'stacks'>): string[] {
  const names = plan.stacks
    .filter(({ changes }) => changes.some(({ noise }) => !noise))
    .flatMap(({ id }) => /^(?:kolla|openstack)\/([^/]+)/.exec(id)?.[1] ?? []);
  return [...new Set(names)].sort();
}

const drillReport = z.object({
  format: z.literal('tandem.drill/1'),
  at: z.string(),
  timers: z.record(z.string(), z.number()),
  drills: z.array(
    z.object({
      drill: z.string(),
      compared: z.array(z.object({ probe: z.string(), measured: z.object({ gap: z.number() }) })),
    }),
  ),
});

/** Where drills leave their reports. */
const REPORTS = ['.tandem/drill', 'docs/drill'];

/**
 * The longest time without a token after a power-off, from the newest drill report; undefined where there is none, or where it was
 * run with other settings than those shipped now.
 */
export function measuredGap(root: string): number | undefined {
  const reports = REPORTS.flatMap((folder) => reportsIn(join(root, folder))).sort((a, b) => (a.at < b.at ? 1 : -1));
  const newest = reports.find(({ timers }) =>
    Object.entries(SHIPPED_TIMERS).every(([name, value]) => (timers[name] ?? value) === value),
  );
  const gaps = newest?.drills
    .filter(({ drill }) => drill === 'holder-off' || drill === 'rack-off')
    .flatMap(({ compared }) => compared.filter(({ probe }) => probe === 'token').map(({ measured }) => measured.gap));
  return gaps === undefined || gaps.length === 0 ? undefined : Math.max(...gaps);
}

/** A report that cannot be read, half written by a drill that was interrupted, is none: a prediction serves. */
function reportsIn(folder: string): z.output<typeof drillReport>[] {
  return filesOf(folder).flatMap((file) => {
    try {
      const parsed = drillReport.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(folder, file));
}
