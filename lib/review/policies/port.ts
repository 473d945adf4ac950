import type { Policy, PolicyFinding } from '../../../stacks/define-policy.ts';
import type { Plan } from '../../plan/model.ts';

/** What a policy of the project answered. */
export interface PolicyAnswer extends Omit<Policy, 'check'> {
  /** The module or the package that it is in. */
  readonly from: string;
  readonly found: readonly PolicyFinding[];
}

/** A policy, or a whole module, that gave no answer. */
export interface PolicyFailure {
  readonly from: string;
  /** Empty where the module never said which policies it has. */
  readonly id: string;
  readonly why: string;
}

/** Asks the policies of the project, apart from this process: they are code of others. Never throws for what they do. */
export type AskPolicies = (plan: Plan) => Promise<readonly (PolicyAnswer | PolicyFailure)[]>;
