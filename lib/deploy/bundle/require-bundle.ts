import type { Plan } from '../../plan/model.ts';
import { policyDenied } from '../../review/errors.ts';
import { isDenied } from '../../review/policies/findings.ts';
import type { DeployPorts } from '../ports.ts';
import { approvalNeeded } from './errors.ts';
import { signersInForce } from './in-force.ts';

/** Requires that no policy denies a plan. @throws TandemError `policy-denied` */
export function requireAllowed({ findings }: Pick<Plan, 'findings'>): void {
  const denied = findings.filter(isDenied);
  if (denied.length > 0) throw policyDenied(denied);
}

/**
 * Requires that a plan that is about to be carried out without a bundle needs nobody's approval. Where nobody can approve, nothing does.
 * @param plan with who must approve it @throws TandemError `approval-needed`
 */
export async function requireNoApproval(
  ports: Pick<DeployPorts, 'journal' | 'records' | 'commit'>,
  root: string,
  plan: Plan,
): Promise<void> {
  const { isOn, needs } = await signersInForce(ports, root, ports.commit);
  const all = [...plan.approvals.filter(({ count }) => count > 0), ...needs];
  const changing = plan.stacks.filter(({ changes }) => changes.length > 0).map(({ id }) => id);
  if (isOn && all.length > 0) throw approvalNeeded(all, changing);
}
