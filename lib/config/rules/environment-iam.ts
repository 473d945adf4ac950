import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Environment } from '../schema/environment.ts';
import type { RuleInput } from './rule.ts';

/** Who may do something in these can become anybody, or change who others are. */
const IDENTITY: ReadonlySet<string> = new Set([
  'iam',
  'sts',
  'organizations',
  'sso',
  'sso-directory',
  'identitystore',
  'account',
  'rolesanywhere',
]);

/** Policies of AWS with which a job could do nearly everything (AWS: "Managed policies for job functions"). */
const ADMINISTRATION =
  /\/(?:AdministratorAccess[\w-]*|PowerUserAccess|IAMFullAccess|AWSOrganizationsFullAccess|SystemAdministrator|AWSSSOMasterAccountAdministrator)$/;

/** What jobs may do besides what a worker needs: each action on what it is for. */
export function checkEnvironmentIam({ environments }: RuleInput): Problem[] {
  return [...environments.values()].flatMap((environment) => [...statements(environment), ...policies(environment)]);
}

function statements({ value, origin }: Entity<Environment>): Problem[] {
  return value.cluster.iam.statements.flatMap(({ effect, actions, resources }, index) => {
    if (effect === 'deny') return [];
    const at = origin.at('cluster', 'iam', 'statements', index);
    const problems: Problem[] = [];
    const isOpen = resources.some((resource) => /^\*|:\*$|\*\*/.test(resource));
    for (const [place, action] of actions.entries()) {
      const [service = '', what = ''] = action.split(':');
      const message = IDENTITY.has(service)
        ? `got "${action}"; by a wildcard of ${service}, a job could give itself any right`
        : `got "${action}" on resources that end all in "*": every action on everything of ${service}`;
      if (what.includes('*') && (IDENTITY.has(service) || (what === '*' && isOpen)))
        problems.push(at.at('actions', place).problem('iam-too-wide', message, 'write each action that the jobs call'));
    }
    const identity = actions.find((action) => IDENTITY.has(action.split(':')[0] ?? ''));
    for (const [place, resource] of resources.entries()) {
      if (identity === undefined || !/[*?]/.test(resource)) continue;
      const message = `got "${resource}" for ${identity}; by a wildcard, a job could become anybody`;
      problems.push(at.at('resources', place).problem('iam-too-wide', message, 'write the ARN of each role'));
    }
    return problems;
  });
}

function policies({ value, origin }: Entity<Environment>): Problem[] {
  const { account } = value.aws;
  return value.cluster.iam.managedPolicies.flatMap((arn, index, all) => {
    const at = origin.at('cluster', 'iam', 'managedPolicies', index);
    const [, , , , owner = ''] = arn.split(':');
    if (all.indexOf(arn) !== index)
      return [at.problem('policy-twice', `got "${arn}" a second time; a role has a policy once`, 'remove it')];
    if (owner === 'aws' && ADMINISTRATION.test(arn)) {
      const message = `got "${arn}", with which a job could do nearly everything in the account`;
      return [at.problem('iam-too-wide', message, 'write statements with what the jobs call')];
    }
    if (owner === 'aws' || owner === account) return [];
    const message = `got a policy of account ${owner}; a role takes those of its own account, ${account}, and of AWS`;
    return [at.problem('policy-elsewhere', message, `write ${arn.replace(owner, account)}, and create it there`)];
  });
}
