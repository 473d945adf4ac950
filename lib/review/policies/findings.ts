import type { PolicyFinding } from '../../../stacks/define-policy.ts';
import type { Policies } from '../../config/schema/policies.ts';
import { type Finding, HIDDEN, type Plan } from '../../plan/model.ts';
import { reasonOf } from '../../stack/errors.ts';
import { compareIds } from '../../stack/id.ts';
import { withOverrides } from './overrides.ts';
import type { AskPolicies, PolicyAnswer, PolicyFailure } from './port.ts';
import { SHIPPED_POLICIES } from './shipped.ts';
import type { PolicyContext, ShippedPolicy } from './shipped-policy.ts';

/** What a plan came with and what all policies say of it, with the overrides that hold; what denies first. */
export async function findingsOf(plan: Plan, context: PolicyContext, ask: AskPolicies): Promise<Finding[]> {
  const { settings, project, now } = context;
  const shipped = SHIPPED_POLICIES.filter(({ id }) => settings.levels[id] !== 'off').map((each) =>
    askShipped(each, plan, context),
  );
  const answers = [...shipped, ...withoutTwins(await ask(withoutSecrets(plan)))];
  const owners = new Map(
    answers.flatMap((each) => ('found' in each && each.owner !== undefined ? [[each.id, each.owner]] : [])),
  );
  const findings = [
    ...plan.findings.flatMap((finding) => atLevel(finding, settings)),
    ...answers.flatMap((answer) => toFindings(answer, plan, settings)),
  ];
  const overridden = withOverrides(findings, {
    approvers: project.approvers?.value,
    ownerOf: (policy) => settings.owners[policy] ?? owners.get(policy),
    ...{ now, days: settings.overrideDays },
  });
  const rank = ({ level, override }: Finding) => (level === 'deny' && override === undefined ? 0 : 1);
  return overridden.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareIds(a.rule, b.rule) ||
      compareIds(a.stack ?? '', b.stack ?? '') ||
      compareIds(a.address, b.address),
  );
}

/** Whether a finding stops a deploy. */
export function isDenied({ level, override }: Finding): boolean {
  return level === 'deny' && override === undefined;
}

function askShipped(policy: ShippedPolicy, plan: Plan, context: PolicyContext): PolicyAnswer | PolicyFailure {
  const { id, level, reason } = policy;
  try {
    return { from: '', id, level, reason, found: policy.check(plan, context) };
  } catch (error) {
    return { from: '', id, why: reasonOf(error) };
  }
}

/** Two policies of one id would share level, owner and overrides: the later one is refused. */
function withoutTwins(answers: readonly (PolicyAnswer | PolicyFailure)[]): (PolicyAnswer | PolicyFailure)[] {
  const taken = new Set(SHIPPED_POLICIES.map(({ id }) => id));
  return answers.map((answer) => {
    const { id, from } = answer;
    if (id === '' || !taken.has(id)) {
      taken.add(id);
      return answer;
    }
    return { from, id: '', why: `it has a second policy of the id ${id}` };
  });
}

function toFindings(answer: PolicyAnswer | PolicyFailure, plan: Plan, { levels }: Policies): Finding[] {
  if ('why' in answer) {
    if (levels[answer.id] === 'off') return [];
    const where = answer.from === '' ? '' : ` of ${answer.from}`;
    const reason = `the policy${where} gave no answer, so nothing passes it: ${answer.why}`;
    return [{ rule: answer.id === '' ? 'broken-policy' : answer.id, level: 'deny', address: '', reason, owner: null }];
  }
  const level = levels[answer.id] ?? answer.level;
  return level === 'off' ? [] : answer.found.map((found) => toFinding(found, answer.id, level, plan));
}

/** A finding that the plan came with, at the level that the project gives its rule. */
function atLevel(finding: Finding, { levels }: Policies): Finding[] {
  const level = levels[finding.rule] ?? finding.level;
  return level === 'off' ? [] : [{ ...finding, level }];
}

function toFinding(
  { stack, address = '', reason }: PolicyFinding,
  rule: string,
  level: 'deny' | 'warn',
  plan: Plan,
): Finding {
  const change = plan.stacks.find(({ id }) => id === stack)?.changes.find((each) => each.address === address);
  const source = change?.source ?? null;
  return {
    ...{ rule, level, address, reason, owner: null },
    ...(stack === undefined ? {} : { stack }),
    ...(source === null ? {} : { source }),
  };
}

/** Values that engines mark are hidden by then; whoever made the plan, code of others sees none. */
function withoutSecrets(plan: Plan): Plan {
  const hide = (value: unknown): unknown => (value === null ? null : HIDDEN);
  const stacks = plan.stacks.map((stack) => ({
    ...stack,
    changes: stack.changes.map((change) => ({
      ...change,
      attributes: change.attributes.map((each) =>
        each.sensitive ? { ...each, before: hide(each.before), after: hide(each.after) } : each,
      ),
    })),
  }));
  return { ...plan, stacks };
}
