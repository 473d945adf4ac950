import type { Approvers } from '../../config/schema/approvers.ts';
import type { Finding } from '../../plan/model.ts';
import { matcherOf } from '../../stack/select.ts';

type Override = NonNullable<Approvers['overrides']>[number];

export interface OverrideInputs {
  readonly approvers: Pick<Approvers, 'people' | 'overrides'> | undefined;
  /** Who owns a policy; undefined where any approver does. */
  readonly ownerOf: (policy: string) => string | undefined;
  readonly now: Date;
  /** Longest time ahead that an override may expire. */
  readonly days: number;
}

/**
 * Findings with the override that holds for each, if one does. One that does not (expired, too long, of somebody else) is said in the
 * finding's reason, and changes nothing. Pure.
 */
export function withOverrides(findings: readonly Finding[], inputs: OverrideInputs): Finding[] {
  const overrides = inputs.approvers?.overrides ?? [];
  return findings.map((finding) => {
    const own = overrides.filter((each) => isAbout(each, finding));
    const holding = own.find((each) => flawOf(each, inputs) === undefined);
    if (holding !== undefined) {
      const { by, reason, expires } = holding;
      return { ...finding, owner: by, override: { reason, expires } };
    }
    const flaws = own.flatMap((each) => flawOf(each, inputs) ?? []);
    return flaws.length === 0 ? finding : { ...finding, reason: `${finding.reason} (${flaws.join('; ')})` };
  });
}

function isAbout({ policy, stack, address }: Override, finding: Finding): boolean {
  if (policy !== finding.rule || !matchesWords(address, finding.address)) return false;
  return stack === '*' || (finding.stack !== undefined && matcherOf(stack)(finding.stack));
}

/** An address has characters of its own that globs know: only stars mean anything. */
function matchesWords(pattern: string, address: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(address);
}

const DAY = 86_400_000;

/** Why an override does not hold; undefined where it does. */
function flawOf(
  { by, expires, policy }: Override,
  { approvers, ownerOf, now, days }: OverrideInputs,
): string | undefined {
  const person = approvers?.people[by];
  if (person === undefined) return `the override by ${by} does not hold: no approver has that name`;
  const owner = ownerOf(policy);
  if (owner !== undefined && owner !== by && !person.groups.includes(owner))
    return `the override by ${by} does not hold: ${owner} owns the policy`;
  // A day lasts until its end.
  const end = Date.parse(expires) + DAY;
  if (end <= now.getTime()) return `the override by ${by} expired on ${expires}`;
  if (end > now.getTime() + (days + 1) * DAY)
    return `the override by ${by} does not hold: ${expires} is more than ${days} days ahead`;
  return undefined;
}
