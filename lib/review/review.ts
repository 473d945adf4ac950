import type { Project } from '../config/project.ts';
import type { Finding, Plan, PlanOutcome } from '../plan/model.ts';
import { isChanged, isFailed } from '../plan/outcome.ts';
import { approvalsOf } from './approvals/needs.ts';
import { availabilityChanges } from './availability/availability.ts';
import { measuredGap } from './availability/drill-reports.ts';
import type { BeforeOf } from './before.ts';
import { costOf } from './cost/cost.ts';
import { impactOf } from './impact/impact.ts';
import { marked } from './marked.ts';
import { findingsOf, isDenied } from './policies/findings.ts';
import type { AskPolicies } from './policies/port.ts';

export interface ReviewContext {
  /** The configuration that is planned. */
  readonly project: Project;
  /** What each stack was made from before. */
  readonly before: BeforeOf;
  /** The project's folder. */
  readonly root: string;
  readonly now: Date;
  /** Asks the project's own policies. */
  readonly ask: AskPolicies;
}

/** The plan with what it means: availability, impact, cost, what policies say of it, and who must approve it. Asks no cloud. */
export async function reviewPlan(plan: Plan, { project, before, root, now, ask }: ReviewContext): Promise<Plan> {
  const settings = project.organisation.value.policies;
  const told: Plan = {
    ...plan,
    availability: availabilityChanges(plan, { project, before, measured: measuredGap(root) }),
    impact: impactOf(plan, { project, before }),
    cost: costOf(plan, { project, before }),
  };
  const findings = await findingsOf(told, { project, before, settings, now }, ask);
  return {
    ...told,
    findings,
    stacks: marked(told.stacks, findings),
    approvals: approvalsOf(told, { project, before, findings }),
    outcome: outcomeOf(told, findings),
  };
}

function outcomeOf(plan: Plan, findings: readonly Finding[]): PlanOutcome {
  if (isFailed(plan)) return 'failed';
  if (findings.some(isDenied)) return 'policy-denied';
  if (plan.stacks.some(({ status }) => status === 'waiting')) return 'waiting';
  return isChanged(plan) ? 'changed' : 'unchanged';
}
