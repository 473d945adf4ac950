import { TandemError } from '../errors/tandem-error.ts';
import { plural } from '../text/plural.ts';

export function doesNotFit(lease: string, cloud: string, lacks: readonly string[], others: number): TandemError {
  const alsoCounted = others === 0 ? '' : ` (with ${others} pending ${plural(others, 'lease')} counted in)`;
  return new TandemError({
    code: 'does-not-fit',
    message: `${lease} does not fit on cloud ${cloud}${alsoCounted}:\n  ${lacks.join('\n  ')}`,
    next: 'nothing was written or created; do one of what is said above and run the command again',
    details: { lease, cloud, lacks },
  });
}

export function leaseExists(name: string, owner: string, differences: readonly string[]): TandemError {
  return new TandemError({
    code: 'lease-exists',
    message: `config/dev/${name}.yaml exists, leased to ${owner}, and differs in ${differences.join(', ')}`,
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
    next: 'pull first: only a checkout that knows the lease may destroy it',
    details: { name, commit },
  });
}

export function invalidDuration(received: string): TandemError {
  return new TandemError({
    code: 'invalid-duration',
    message: `a length of time is a number and h, d or w; got "${received}"`,
    next: 'write one like 12h, 7d or 2w',
    details: { received },
  });
}

export function leaseTooLong(name: string, until: string, latest: string, rule: string): TandemError {
  return new TandemError({
    code: 'lease-too-long',
    message: `${name} cannot be leased until ${until}: ${rule}`,
    next: `ask for ${latest} at the latest, or change the policy under \`leases\` in config/tandem.yaml`,
    details: { name, until, latest },
  });
}

export function leaseProtected(name: string): TandemError {
  return new TandemError({
    code: 'lease-protected',
    message: `${name} is protected`,
    next: `remove \`protected: true\` from config/dev/${name}.yaml and commit that first`,
    details: { name },
  });
}

export function invalidLease(name: string, problems: readonly string[]): TandemError {
  return new TandemError({
    code: 'invalid-lease',
    message: `${name} cannot be leased like this; nothing was written:\n  ${problems.join('\n  ')}`,
    next: 'correct the arguments and run the command again',
    details: { name, problems },
  });
}

export function gitFailed(what: string, answer: string): TandemError {
  return new TandemError({
    code: 'git-failed',
    message: `could not ${what}: ${answer.trim().split('\n').slice(-3).join(' ')}`,
    next: 'mend that in the repository and run the command again; what is committed stays committed',
    details: { what },
  });
}

export function unhealthy(name: string, faults: readonly string[]): TandemError {
  return new TandemError({
    code: 'environment-unhealthy',
    message: `${name} is there, but not all of it works:\n  ${faults.join('\n  ')}`,
    next: `mend or replace it (\`tandem drift ${name}\`), or run the command again: it goes on from here`,
    details: { name, faults },
  });
}

export function sweepStuck(
  project: string,
  left: readonly { readonly kind: string; readonly id: string; readonly name: string }[],
  cause: Error | undefined,
): TandemError {
  const first = left.slice(0, 5).map(({ kind, id, name }) => `${kind} ${name} (${id})`);
  const more = left.length > 5 ? ` and ${left.length - 5} more` : '';
  return new TandemError({
    code: 'sweep-stuck',
    message: `project ${project} still holds ${first.join(', ')}${more}${cause === undefined ? '' : `: ${cause.message}`}`,
    next: 'run the command again, or ask the cloud’s operators what keeps it; nothing outside the project was touched',
    cause,
    details: { project, left: left.map(({ kind, id, name }) => ({ kind, id, name })) },
  });
}

export function notOwned(project: string, name: string): TandemError {
  return new TandemError({
    code: 'not-owned',
    message: `project ${project} on the cloud has the name of ${name}, and does not carry its tags`,
    next: 'it is somebody else’s: choose another name for the lease, or have that project renamed',
    details: { project, name },
  });
}

export function leaseTaken(name: string, by: string): TandemError {
  return new TandemError({
    code: 'lease-taken',
    message: `${by} pushed a lease named ${name}, which this checkout does not have`,
    next: 'pull, and choose another name: they are unique within the organisation',
    details: { name, by },
  });
}

export function noProject(name: string, cloud: string): TandemError {
  return new TandemError({
    code: 'no-project-on-cloud',
    message: `cloud ${cloud} has no project of ${name}`,
    next: `run \`tandem env create\` again with the same arguments: it goes on from what is there`,
    details: { name, cloud },
  });
}

export function noSuchBlueprint(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-blueprint',
    message: `there is no blueprint "${name}" in config/blueprints/`,
    next: known.length > 0 ? `there are ${known.join(', ')}` : 'write one',
    details: { name },
  });
}
