import { TandemError } from '../errors/tandem-error.ts';
import type { Finding } from '../plan/model.ts';
import { PREFLIGHT_RULES } from '../plan/preflight-rules.ts';

/** @param denied findings that no override covers, at least one */
export function policyDenied(denied: readonly Finding[]): TandemError {
  const [first] = denied;
  const where = [first?.stack, first?.address].filter((each) => each !== undefined && each !== '').join(' ');
  const what = `${first?.rule ?? ''}${where === '' ? '' : ` on ${where}`}: ${first?.reason ?? ''}`;
  const more = denied.length > 1 ? `, and ${denied.length - 1} more` : '';
  const isRefused = PREFLIGHT_RULES[first?.rule ?? ''] !== undefined;
  return new TandemError({
    code: 'policy-denied',
    message: `${isRefused ? 'AWS would refuse' : 'a policy refuses'} the plan: ${what}${more}`,
    next: "change the configuration; or let the policy's owner accept it for a time, in `overrides` of config/approvers.yaml",
    details: { findings: denied },
  });
}
