import { TandemError } from '../errors/tandem-error.ts';
import { firstLines } from '../text/listed.ts';
import { plural } from '../text/plural.ts';
import { nameOf, type StuckThing } from './stuck.ts';

export function doesNotFit(lease: string, cloud: string, shortages: readonly string[], others: number): TandemError {
  const alsoCounted = others === 0 ? '' : `, together with ${others} pending ${plural(others, 'lease')}`;
  return new TandemError({
    code: 'does-not-fit',
    message: `${lease} does not fit on cloud ${cloud}${alsoCounted}:\n  ${shortages.join('\n  ')}`,
    next: 'fix one of the shortages as described and run the command again; nothing was written or created',
    details: { lease, cloud, shortages },
  });
}

export function leaseExists(name: string, owner: string, differences: readonly string[]): TandemError {
  return new TandemError({
    code: 'lease-exists',
    message: `config/dev/${name}.yaml exists, is leased to ${owner}, and has another ${differences.join(', ')}`,
    next: `choose another name, or edit the file and run \`tandem deploy ${name}\``,
    details: { name, owner, differences },
  });
}

export function noSuchLease(name: string, near: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-lease',
    message: `there is no config/dev/${name}.yaml`,
    next:
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`tandem env list` shows the leases of this checkout',
    details: { name },
  });
}

export function unknownHere(name: string, commit: string): TandemError {
  return new TandemError({
    code: 'unknown-here',
    message: `${name} was leased at commit ${commit.slice(0, 12)}, which this checkout does not have`,
    next: 'run `git pull` first: only a checkout that contains the lease may destroy it',
    details: { name, commit },
  });
}

export function invalidDuration(received: string): TandemError {
  return new TandemError({
    code: 'invalid-duration',
    message: `a duration is a number followed by h, d or w; got "${received}"`,
    next: 'write a duration such as 12h, 7d or 2w',
    details: { received },
  });
}

export function leaseTooLong(name: string, until: string, latest: string, rule: string): TandemError {
  return new TandemError({
    code: 'lease-too-long',
    message: `${name} cannot be leased until ${until}: ${rule}`,
    next: `choose ${latest} or earlier, or change the policy under \`leases\` in config/tandem.yaml`,
    details: { name, until, latest },
  });
}

export function noExtensionAsked(name: string): TandemError {
  return new TandemError({
    code: 'no-extension-asked',
    message: `nobody asked for an extension of ${name} that policy does not grant by itself`,
    next: `ask for one: \`tandem env extend ${name} --for 14d\``,
    details: { name },
  });
}

/** @param able those who may answer this one */
export function notTheApprover(name: string, able: readonly string[], identity: string | undefined): TandemError {
  const who = able.length === 0 ? 'nobody' : `only ${able.join(' or ')}`;
  return new TandemError({
    code: 'extension-not-approver',
    message: `${who} answers this extension of ${name}, neither its owner nor whoever asked; git commits here as ${identity ?? 'nobody'}`,
    next:
      able.length === 0
        ? 'name somebody else under `leases.extensions.approvers` in config/tandem.yaml'
        : `have them run \`tandem env extend ${name} --approve\` or \`tandem env extend ${name} --refuse\` in their checkout`,
    details: { name, able, identity: identity ?? null },
  });
}

export function leaseProtected(name: string): TandemError {
  return new TandemError({
    code: 'lease-protected',
    message: `${name} is protected against destruction`,
    next: `remove \`protected: true\` from config/dev/${name}.yaml and commit the change first`,
    details: { name },
  });
}

export function invalidLease(name: string, problems: readonly string[]): TandemError {
  return new TandemError({
    code: 'invalid-lease',
    message: `the configuration with lease ${name} is not valid; nothing was written:\n  ${problems.join('\n  ')}`,
    next: 'fix the problems and run the command again; `tandem validate` shows them too',
    details: { name, problems },
  });
}

/** @param more what helps besides fixing the cause, as the rest of a sentence */
export function gitFailed(what: string, answer: string, more = ''): TandemError {
  return new TandemError({
    code: 'git-failed',
    message: `could not ${what}: ${answer.trim().split('\n').slice(-3).join(' ')}`,
    next: `fix the cause in the repository and run the command again; commits that were made are kept${more}`,
    details: { what },
  });
}

export function noGitIdentity(): TandemError {
  return new TandemError({
    code: 'no-git-identity',
    message: 'git does not know whose name a commit of the lease should carry',
    next: 'set it with `git config user.name "NAME"` and `git config user.email ADDRESS`, and run the command again; nothing was written',
  });
}

export function leaseChanged(name: string, branch: string): TandemError {
  return new TandemError({
    code: 'lease-changed',
    message: `somebody changed the lease of ${name} on ${branch} while this command ran`,
    next: 'run `git pull` to see the change, and run the command again if it is still wanted',
    details: { name, branch },
  });
}

export function leaseStale(name: string, branch: string, by: string | undefined): TandemError {
  return new TandemError({
    code: 'lease-stale',
    message: `this checkout is behind: ${branch} has another version of the lease of ${name}${by === undefined ? '' : `, by ${by}`}`,
    next: 'run `git pull`, and run the command again; nothing was written',
    details: { name, branch, ...(by === undefined ? {} : { by }) },
  });
}

export function leaseNeedsCommit(name: string, branch: string, problems: readonly string[]): TandemError {
  return new TandemError({
    code: 'lease-needs-commit',
    message: `the lease of ${name} would be committed to ${branch} alone, which lacks what it stands on:\n  ${problems.join('\n  ')}`,
    next: `commit that first${branch === 'HEAD' ? '' : `, bring it to ${branch}`}, and run the command again; nothing was written`,
    details: { name, branch, problems },
  });
}

export function leaseExpired(name: string, until: string): TandemError {
  return new TandemError({
    code: 'lease-expired',
    message: `the lease of ${name} ended on ${until}`,
    next: `extend it first: \`tandem env extend ${name}\``,
    details: { name, until },
  });
}

export function environmentUnfinished(name: string, verb: string, by: string, resume: string): TandemError {
  return new TandemError({
    code: 'environment-unfinished',
    message: `${name} is unfinished: a \`${verb}\` by ${by} was interrupted`,
    next: `finish it first: \`${resume}\``,
    details: { name, verb, by, resume },
  });
}

export function unhealthy(name: string, faults: readonly string[]): TandemError {
  return new TandemError({
    code: 'environment-unhealthy',
    message: `${name} exists, but parts of it are unhealthy:\n  ${faults.join('\n  ')}`,
    next: `fix or replace the unhealthy parts (\`tandem drift ${name}\` shows drift), then run the command again, which resumes here`,
    details: { name, faults },
  });
}

/** @param reasons one for each thing, in the same order */
export function sweepStuck(
  environment: string,
  project: string,
  stuck: readonly StuckThing[],
  reasons: readonly string[],
): TandemError {
  const names = stuck.map(({ resource }) => nameOf(resource)).slice(0, 10);
  const isHeld = stuck.some(({ holders }) => holders.length > 0);
  return new TandemError({
    code: 'sweep-stuck',
    message: `${plural(stuck.length, 'one thing', `${stuck.length} things`)} of project ${project} of ${environment} cannot be deleted:\n  ${firstLines(reasons, 10).join('\n  ')}`,
    next: `${isHeld ? 'ask the project that uses it to let it go' : 'remove the cause'} and run \`tandem env destroy ${environment}\` again, or leave it behind with \`tandem env destroy ${environment} --orphan ${names.join(' --orphan ')}\``,
    details: {
      ...{ environment, project },
      left: stuck.map(({ resource: { kind, id, name, state }, holders, refusal }) => ({
        ...{ kind, id, name, state, refusal },
        holders: holders.map((each) => ({ ...each })),
      })),
    },
  });
}

export function noSuchOrphan(name: string, near: readonly string[]): TandemError {
  const known = near.slice(0, 5).join(', ');
  return new TandemError({
    code: 'no-such-orphan',
    message: `"${name}" is nothing that the environment’s project holds`,
    next: `write KIND/ID as the refusal named it${known === '' ? ', or leave the flag away if it is gone by now' : `: ${known}`}`,
    details: { name, near },
  });
}

export function notOwned(project: string, name: string): TandemError {
  return new TandemError({
    code: 'not-owned',
    message: `project ${project} on the cloud has the name of ${name}, but not its ownership tags`,
    next: 'the project belongs to somebody else: choose another name for the lease, or have that project renamed',
    details: { project, name },
  });
}

export function leaseTaken(name: string, by: string): TandemError {
  return new TandemError({
    code: 'lease-taken',
    message: `${by} pushed a lease named ${name}, which this checkout does not have`,
    next: 'run `git pull` and choose another name: names of leases are unique within the organisation',
    details: { name, by },
  });
}

export function noProject(name: string, cloud: string): TandemError {
  return new TandemError({
    code: 'no-project-on-cloud',
    message: `cloud ${cloud} has no project for ${name}`,
    next: `run \`tandem env create\` again with the same arguments: it resumes with what exists`,
    details: { name, cloud },
  });
}

export function noSuchBlueprint(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-blueprint',
    message: `there is no blueprint "${name}" in config/blueprints/`,
    next: known.length > 0 ? `blueprints are ${known.join(', ')}` : 'write config/blueprints/NAME.yaml',
    details: { name },
  });
}

export function noSuchTier(tier: string, blueprint: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-tier',
    message: `blueprint ${blueprint} has no tier "${tier}"`,
    next: `name one of: ${known.join(', ')}`,
    details: { tier, blueprint, known },
  });
}

export function frozenLease(name: string): TandemError {
  return new TandemError({
    code: 'lease-frozen',
    message: `${name} is frozen, and Nova rebuilds no shelved server`,
    next: `run \`tandem env thaw ${name}\` first`,
    details: { name },
  });
}
