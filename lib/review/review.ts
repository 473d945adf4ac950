import type { Project } from '../config/project.ts';
import type { Plan } from '../plan/model.ts';
import { availabilityChanges } from './availability/availability.ts';
import { measuredGap } from './availability/drill-reports.ts';
import type { BeforeOf } from './before.ts';
import { costOf } from './cost/cost.ts';

export interface ReviewContext {
  /** The configuration that is planned. */
  readonly project: Project;
  /** What each stack was made from before. */
  readonly before: BeforeOf;
  /** The project's folder. */
  readonly root: string;
  readonly now: Date;
}

/** The plan with what it means: availability and cost. Asks no cloud. */
export function reviewPlan(plan: Plan, { project, before, root }: ReviewContext): Promise<Plan> {
  const availability = availabilityChanges(plan, { project, before, measured: measuredGap(root) });
  const cost = costOf(plan, { project, before });
  return Promise.resolve({ ...plan, availability, cost });
}
