import type { Plan } from '../lib/plan/model.ts';
import type { StackId } from '../lib/stack/id.ts';

/** What a policy says of one change, or of a plan. */
export interface PolicyFinding {
  /** @default - the plan as a whole */
  readonly stack?: StackId;
  /** Address of the change. @default - the stack as a whole */
  readonly address?: string;
  /** One sentence: what is wrong with it, with the value. */
  readonly reason: string;
}

/** A rule over plans. */
export interface Policy {
  /** Stable, kebab-case, unique in the project. */
  readonly id: string;
  /** `deny` refuses the deploy; `warn` is shown to whoever reviews. The project's `policies.levels` may say otherwise. */
  readonly level: 'deny' | 'warn';
  /** What it is for, in one sentence. */
  readonly reason: string;
  /** The person or the group of `config/approvers.yaml` whose overrides count. @default - any approver */
  readonly owner?: string;
  /** What it finds; nothing where the plan is fine. It judges what changes, reads no clock, file or network, and sees no secret. */
  readonly check: (plan: Plan) => readonly PolicyFinding[] | Promise<readonly PolicyFinding[]>;
}

/**
 * A policy of your own: a file `stacks/policies/<anything>.ts` says `export const policy = definePolicy({ … })`, or exports a list
 * `policies`. See stacks/policies/README.md.
 * @public
 */
export function definePolicy(policy: Policy): Policy {
  return policy;
}
