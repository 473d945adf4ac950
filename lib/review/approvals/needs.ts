import type { Project } from '../../config/project.ts';
import type { Approvers } from '../../config/schema/approvers.ts';
import type { ApprovalNeed, Change, Finding, Plan, StackPlan } from '../../plan/model.ts';
import { partsOf } from '../../stack/id.ts';
import { matcherOf } from '../../stack/select.ts';
import { type BeforeOf, NOTHING } from '../before.ts';
import { lossOf } from '../policies/data.ts';
import { protectionOf } from '../policies/protection.ts';

type Rule = NonNullable<Approvers['rules']>[number];

export interface NeedInputs {
  readonly project: Project;
  readonly before: BeforeOf;
  readonly findings: readonly Finding[];
}

/**
 * Who must approve a plan: every rule that matches one of its stacks, of several that ask the same people the strictest; where no rule
 * matches a stack, what the file says of all. Nobody, where nothing changes or nobody has a key. Pure.
 */
export function approvalsOf(plan: Plan, inputs: NeedInputs): ApprovalNeed[] {
  const approvers = inputs.project.approvers?.value;
  if (approvers === undefined || !Object.values(approvers.people).some(({ keys }) => keys.length > 0)) return [];
  const needs = plan.stacks.flatMap((stack) => {
    const changes = [...stack.changes, ...(stack.leaves?.changes ?? [])].filter(({ noise }) => !noise);
    return changes.length === 0 ? [] : needsOf(stack, changes, approvers, inputs);
  });
  return strictest(needs.filter(({ count }) => count > 0));
}

function needsOf(
  stack: StackPlan,
  changes: readonly Change[],
  approvers: Approvers,
  inputs: NeedInputs,
): ApprovalNeed[] {
  const { rules, count, of } = approvers;
  const rest: ApprovalNeed = { rule: 'default', reason: 'changes are approved by somebody else', count, of };
  if (rules === undefined) return shipped(stack, changes, approvers, inputs, rest);
  const matching = rules.filter((rule) => matches(rule, stack, changes, inputs));
  const needs = matching.map((rule) => ({
    rule: rule.id,
    reason: rule.reason ?? rule.id,
    count: rule.count,
    of: rule.of,
  }));
  return needs.length === 0 ? [rest] : needs;
}

/** What holds where the file has no rules. */
function shipped(
  stack: StackPlan,
  changes: readonly Change[],
  { people, of }: Approvers,
  { project, before }: NeedInputs,
  rest: ApprovalNeed,
): ApprovalNeed[] {
  const { lease } = partsOf(stack.id);
  if (lease === undefined) {
    const isDeletion = changes.some(({ action }) => action === 'delete' || action === 'replace');
    if (!isDeletion || !isProtected(stack, project, before)) return [rest];
    return [{ rule: 'protected-deletion', reason: 'something of a protected environment is destroyed', count: 2, of }];
  }
  // Nobody makes a lease of somebody else their own by the plan that they then approve.
  const owner = (known(before(stack.id)).leases.get(lease) ?? project.leases.get(lease))?.value.owner;
  const canSign = Object.values(people).some(({ email, keys }) => email === owner && keys.length > 0);
  if (owner === undefined || !canSign) return [rest];
  return [{ rule: 'lease-owner', reason: `lease ${lease} is of ${owner}`, count: 1, of: [owner], authorCounts: true }];
}

function matches(rule: Rule, stack: StackPlan, changes: readonly Change[], inputs: NeedInputs): boolean {
  const { project, before, findings } = inputs;
  const { stacks, actions, policies } = rule;
  if (stacks !== undefined && !stacks.some((glob) => glob === '*' || matcherOf(glob)(stack.id))) return false;
  if (actions !== undefined && !changes.some(({ action }) => actions.includes(action))) return false;
  if (rule.protected !== undefined && rule.protected !== isProtected(stack, project, before)) return false;
  if (rule.losesData !== undefined && rule.losesData !== changes.some((change) => lossOf(change) !== undefined))
    return false;
  return (
    policies === undefined ||
    findings.some(({ rule: id, stack: of }) => policies.includes(id) && (of === undefined || of === stack.id))
  );
}

/** As it was or as it will be: taking the protection away needs what the protection asks for. */
function isProtected({ id }: StackPlan, project: Project, before: BeforeOf): boolean {
  return protectionOf(id, project) !== undefined || protectionOf(id, known(before(id))) !== undefined;
}

function known(before: ReturnType<BeforeOf>): Pick<Project, 'environments' | 'leases'> {
  return typeof before === 'string' ? NOTHING : before;
}

/** Without those that another one covers: the same people, and as many. */
function strictest(needs: readonly ApprovalNeed[]): ApprovalNeed[] {
  const key = ({ of, authorCounts }: ApprovalNeed) => JSON.stringify([[...of].sort(), authorCounts ?? false]);
  return [...Map.groupBy(needs, key).values()].flatMap((same) => {
    const most = Math.max(...same.map(({ count }) => count));
    return same.find(({ count }) => count === most) ?? [];
  });
}
