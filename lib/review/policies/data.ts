import type { PolicyFinding } from '../../../stacks/define-policy.ts';
import { CAUTION } from '../../plan/difference/stateful.ts';
import type { Change, Plan, StackPlan } from '../../plan/model.ts';
import { partsOf } from '../../stack/id.ts';
import { counted } from '../../text/plural.ts';
import { changesOf, perStack } from './changes.ts';
import { protectionOf } from './protection.ts';
import type { PolicyContext, ShippedPolicy } from './shipped-policy.ts';

const LOSS = /\bwith it$|\blost\b/;

/** What is lost for good by a change, in the words of its CAUTION; undefined where nothing is. */
export function lossOf({ reasons }: Change): string | undefined {
  return reasons.find((reason) => reason.startsWith(CAUTION) && LOSS.test(reason))?.slice(CAUTION.length);
}

export const destroysData: ShippedPolicy = {
  id: 'destroys-data',
  about:
    'Deletions, replacements and rebuilds that take data along: volumes, root disks, buckets, queues, databases, keys, logs.',
  level: 'warn',
  reason: 'What is destroyed with its data does not come back.',
  check: (plan) =>
    perStack(
      changesOf(plan).flatMap(({ stack, change }) => {
        const loss = lossOf(change);
        return loss === undefined ? [] : [{ stack, change, reason: `${change.action}: ${loss}` }];
      }),
      'changes that lose data',
    ),
};

export const deletesProtected: ShippedPolicy = {
  id: 'deletes-protected',
  about:
    'The removal of all of an environment with `aws.terminationProtection`, or of a lease with `protected`, in the configuration that was deployed.',
  level: 'deny',
  reason: 'A protected environment is not taken away by an ordinary plan.',
  check: (plan, context) => plan.stacks.flatMap((stack) => protectedFinding(stack, context)),
};

function protectedFinding(stack: StackPlan, { project, before }: PolicyContext): PolicyFinding[] {
  const changes = stack.changes.filter(({ noise }) => !noise);
  const gone = changes.filter(({ action }) => action === 'delete');
  if (gone.length === 0 || !isWhole(stack, project)) return [];
  const old = before(stack.id);
  const is = protectionOf(stack.id, typeof old === 'string' ? project : old);
  return is === undefined
    ? []
    : [{ stack: stack.id, reason: `destroys all of it, ${counted(gone.length, 'resource')}; ${is}` }];
}

/** What a stack is made of: where it goes, the rest goes too. */
const ANCHORS: ReadonlySet<string> = new Set([
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::EC2::VPC',
  'openstack_identity_project_v3',
]);

/** Whether a plan takes the whole stack away: it is configured no longer, or is destroyed by command. */
export function isWhole({ id, changes }: StackPlan, { environments, leases }: PolicyContext['project']): boolean {
  const { environment, lease } = partsOf(id);
  const isConfigured =
    (environment !== undefined && environments.has(environment)) || (lease !== undefined && leases.has(lease));
  const isOnlyGoing = changes.every(({ action, noise }) => noise || action === 'delete' || action === 'forget');
  return isOnlyGoing && (!isConfigured || changes.some(({ type, action }) => action === 'delete' && ANCHORS.has(type)));
}

export const revertsDeploy: ShippedPolicy = {
  id: 'reverts-deploy',
  about: 'Stacks whose last deploy was made from a commit that this checkout does not have.',
  level: 'warn',
  reason: 'What somebody else deployed, and this checkout does not have, would be taken back.',
  check: (plan: Plan) =>
    plan.stacks.flatMap(({ id, ahead, changes }) =>
      ahead === undefined || changes.every(({ noise }) => noise)
        ? []
        : [
            {
              stack: id,
              reason: `${ahead.by} deployed ${ahead.commit.slice(0, 10)} on ${ahead.at.slice(0, 10)}, which this checkout does not have`,
            },
          ],
    ),
};
