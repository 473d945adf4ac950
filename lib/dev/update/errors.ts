import { TandemError } from '../../errors/tandem-error.ts';
import { counted } from '../../text/plural.ts';

export function neverMade(name: string): TandemError {
  return new TandemError({
    code: 'update-not-made',
    message: `${name} is leased, and was never made: there is nothing to update`,
    next: `make it first: \`tandem deploy ${name}\``,
    details: { name },
  });
}

export function updateNotApproved(name: string, owner: string, version: string): TandemError {
  return new TandemError({
    code: 'update-not-approved',
    message: `${name} is leased to ${owner}, who has not approved this update (version ${version}), and the organisation asks for it`,
    next: `have them look at it with \`tandem env update ${name} --dry-run\`, and approve it with \`tandem env update ${name} --approve\``,
    details: { name, owner, version },
  });
}

export function notTheOwner(name: string, owner: string, identity: string | undefined): TandemError {
  return new TandemError({
    code: 'update-not-owner',
    message: `only ${owner} approves an update of ${name}; git commits here as ${identity ?? 'nobody'}`,
    next: `have them run \`tandem env update ${name} --approve\` in their checkout`,
    details: { name, owner, identity: identity ?? null },
  });
}

export function losesMajority(name: string, tiers: readonly string[], moves: boolean): TandemError {
  const why = moves ? ': resources are moved with it, and Terraform takes no part of such a plan alone' : '';
  const smaller = moves
    ? 'commit the new names with `renamedFrom` alone first, and the rest after it'
    : 'lower the count by one at a time';
  return new TandemError({
    code: 'update-loses-majority',
    message: `the update of ${name} takes the majority of ${tiers.join(', ')} down at once${why}`,
    next: `${smaller}, or accept it with \`tandem env update ${name} --at-once\``,
    details: { name, tiers, moves },
  });
}

export function cannotPlanUpdate(name: string, reason: string): TandemError {
  return new TandemError({
    code: 'update-not-planned',
    message: `the update of ${name} cannot be planned: ${reason}`,
    next: `remove the cause; \`tandem plan --live ${name}\` shows it too`,
    details: { name, reason },
  });
}

export function rollOutStopped(
  blueprint: string,
  failed: readonly { readonly name: string; readonly message: string }[],
  done: readonly string[],
  left: readonly string[],
): TandemError {
  const lines = failed.map(({ name, message }) => `${name}: ${message}`);
  return new TandemError({
    code: 'roll-out-stopped',
    message: `the roll-out of ${blueprint} stopped at ${failed.map(({ name }) => name).join(', ')}; ${counted(done.length, 'lease')} updated, ${left.length} not begun:\n  ${lines.join('\n  ')}`,
    next: `repair it (\`tandem env show ${failed[0]?.name ?? 'NAME'}\`), or put the blueprint right, and run \`tandem env update --blueprint ${blueprint}\` again: what is updated stays, the rest goes on`,
    details: { blueprint, failed: failed.map((each) => ({ ...each })), done, left },
  });
}
