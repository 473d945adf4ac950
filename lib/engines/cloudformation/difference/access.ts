import { fullDiff, type TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { listed } from '../../../text/listed.ts';

/** Types whose properties let somebody in or do something: only these are worth a second look. */
const OPENS = /IAM|Policy|Permission|SecurityGroup|Role|KMS::Key|Lambda|SSO/;

/** Who or what a changed resource lets do or reach more than before, in words. Empty where it lets nothing more. */
export function broadenedAccess(id: string, type: string, before: unknown, after: unknown): string[] {
  if (!OPENS.test(type)) return [];
  const difference = readPolicies(id, before, after);
  if (difference === undefined) return ['who it lets do what cannot be read from it'];
  const { iamChanges, securityGroupChanges } = difference;
  const reasons: string[] = [];
  for (const statement of iamChanges.statements.additions) {
    if (statement.effect.toString() !== 'Allow') continue;
    const { action, resource, principal } = statement.render();
    reasons.push(`allows ${brief(principal)} ${brief(action)} on ${brief(resource)}`);
  }
  for (const statement of iamChanges.statements.removals) {
    if (statement.effect.toString() === 'Deny') reasons.push(`no longer denies ${brief(statement.render().action)}`);
  }
  for (const policy of iamChanges.managedPolicies.additions) reasons.push(`attaches ${policy.managedPolicyArn}`);
  for (const rule of securityGroupChanges.ingress.additions)
    reasons.push(`allows ingress from ${rule.describePeer()} on ${rule.describeProtocol()}`);
  for (const rule of securityGroupChanges.egress.additions)
    reasons.push(`allows egress to ${rule.describePeer()} on ${rule.describeProtocol()}`);
  return [...new Set(reasons)].map((reason) => `broadens access: ${reason}`);
}

/** Undefined for a policy that `fullDiff` does not know to read, as one whose list is a parameter. */
function readPolicies(id: string, before: unknown, after: unknown): TemplateDiff | undefined {
  try {
    return fullDiff(templateOf(id, before), templateOf(id, after));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function templateOf(id: string, resource: unknown): Record<string, Record<string, unknown>> {
  return { Resources: resource === undefined ? {} : { [id]: resource } };
}

/** Targets come one a line, with an effect sign in front. */
function brief(text: string): string {
  const parts = text
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length === 0 ? 'anybody' : listed(parts, 4);
}
