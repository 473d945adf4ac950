import type { PolicyFinding } from '../../../stacks/define-policy.ts';
import { leaves } from '../../plan/difference/differences.ts';
import type { AttributeChange, Change, Plan, StackPlan } from '../../plan/model.ts';
import type { PolicyContext, ShippedPolicy } from './shipped-policy.ts';

/** Changes that make something or leave it changed. */
const MAKES: ReadonlySet<Change['action']> = new Set(['create', 'update', 'interrupt', 'replace', 'import']);

export interface Placed {
  readonly stack: StackPlan;
  readonly change: Change;
}

/** Every real change of a plan with its stack. */
export function changesOf(plan: Plan): Placed[] {
  return plan.stacks.flatMap((stack) =>
    stack.changes.filter(({ noise }) => !noise).map((change) => ({ stack, change })),
  );
}

/** Those after which there is something. */
function makingChanges(plan: Plan): Placed[] {
  return changesOf(plan).filter(({ change }) => MAKES.has(change.action));
}

/** Whether all of a resource is in its change, not only what differs. */
export function isNew({ action }: Change): boolean {
  return action === 'create';
}

/** What a change sets, leaf by leaf: `SecurityGroupIngress.0.CidrIp` and its value. Sensitive values are left out. */
export function valuesAfter(change: Change): Map<string, unknown> {
  return valuesOf(change, (attribute) => attribute.after);
}

/** What a change takes away or replaces, leaf by leaf. */
export function valuesBefore(change: Change): Map<string, unknown> {
  return valuesOf(change, (attribute) => attribute.before);
}

function valuesOf({ attributes }: Change, side: (attribute: AttributeChange) => unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const attribute of attributes) {
    if (attribute.sensitive) continue;
    const value = side(attribute);
    if (typeof value !== 'object' || value === null) {
      if (value !== null && value !== undefined) found.set(attribute.path, value);
      continue;
    }
    for (const [path, leaf] of leaves({ [attribute.path]: value })) found.set(path, leaf);
  }
  return found;
}

/** Findings one by one up to a few a stack; more become one that counts them and names the first. @param what - Many of them, in words */
export function perStack(findings: readonly (Placed & { readonly reason: string })[], what: string): PolicyFinding[] {
  return [...Map.groupBy(findings, ({ stack }) => stack.id)].flatMap(([id, own]) => {
    const [first] = own;
    if (own.length <= MANY || first === undefined)
      return own.map(({ change, reason }) => ({ stack: id, address: change.address, reason }));
    const reason = `${own.length} ${what}, the first ${first.change.address}: ${first.reason}`;
    return [{ stack: id, address: '', reason }];
  });
}

const MANY = 6;

/** What a policy finds that looks at one change after another, of those after which there is something. @param what - Many of them, in words */
export function perChange(
  what: string,
  reasonsOf: (placed: Placed, context: PolicyContext) => readonly string[],
): ShippedPolicy['check'] {
  return (plan, context) => {
    const found = makingChanges(plan).flatMap((placed) =>
      reasonsOf(placed, context).map((reason) => ({ ...placed, reason })),
    );
    return perStack(found, what);
  };
}
