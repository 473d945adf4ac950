import type { Policy, PolicyFinding } from '../../../stacks/define-policy.ts';
import type { Project } from '../../config/project.ts';
import type { Policies } from '../../config/schema/policies.ts';
import type { Plan } from '../../plan/model.ts';
import type { BeforeOf } from '../before.ts';

/** What shipped policies know besides the plan. */
export interface PolicyContext {
  readonly project: Project;
  readonly before: BeforeOf;
  readonly settings: Policies;
  readonly now: Date;
}

/** A policy of Tandem's own. */
export interface ShippedPolicy extends Omit<Policy, 'check' | 'owner'> {
  /** What it looks at. */
  readonly about: string;
  readonly check: (plan: Plan, context: PolicyContext) => readonly PolicyFinding[];
}
