import type { Project } from '../config/project.ts';
import type { Plan } from '../plan/model.ts';
import { availabilityLines } from '../private-cloud/failure/line.ts';
import { partsOf } from '../stack/id.ts';
import { measuredGap } from './drill/reports.ts';

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
    .flatMap(({ id }) => partsOf(id).cloud ?? []);
  return [...new Set(names)].sort();
}
