import { TandemError } from '../../errors/tandem-error.ts';
import type { ApprovalNeed } from '../../plan/model.ts';
import type { StackId } from '../../stack/id.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';

const AGAIN = 'make another with `tandem plan --live --out FILE`, and have it approved';

export function bundleKeyClosed(): TandemError {
  return new TandemError({
    code: 'bundle-key-closed',
    message: 'the bundle changes hidden values, and no key here opens what they are compared by',
    next: 'deploy as somebody whose key state.recipients has; `tandem secret key` prints yours',
  });
}

export function bundleNotWhole(stack: StackId, why: string): TandemError {
  return new TandemError({
    code: 'bundle-not-whole',
    message: `${stack} cannot be put into a bundle: ${why}`,
    next: 'see the plan with `tandem plan --live`, and name the other stacks, or repair this one',
  });
}

export function bundleNeedsRecipients(stack: StackId): TandemError {
  return new TandemError({
    code: 'bundle-needs-recipients',
    message: `${stack} changes a hidden value, and state.recipients names nobody whom the bundle could tell which`,
    next: 'write the keys that `tandem secret key` prints for those who deploy into state.recipients of config/tandem.yaml',
  });
}

export function bundleNeedsCommit(why: string): TandemError {
  return new TandemError({
    code: 'bundle-needs-commit',
    message: `a bundle is of a commit, and ${why}`,
    next: 'commit the configuration, and run `tandem plan --live --out FILE` again',
  });
}

export function bundleExpired(name: string, at: string): TandemError {
  return new TandemError({
    code: 'bundle-expired',
    message: `${name} was valid until ${at}`,
    next: AGAIN,
  });
}

export function bundleOfTheFuture(name: string, at: string, now: Date): TandemError {
  return new TandemError({
    code: 'bundle-of-the-future',
    message: `${name} was made at ${at}, and it is ${now.toISOString()} by the clock of this machine`,
    next: 'set the clock of this machine (`timedatectl`), or of the one that made it',
  });
}

export function bundleOfAnother(name: string, what: string): TandemError {
  return new TandemError({
    code: 'bundle-of-another',
    message: `${name} is not for this: ${what}`,
    next: `check out what it was made of, or ${AGAIN}`,
  });
}

export function bundleUnsigned(name: string): TandemError {
  return new TandemError({
    code: 'bundle-unsigned',
    message: `${name} has no signature`,
    next: 'let an approver of config/approvers.yaml run `tandem approve FILE`',
  });
}

export function bundleNotApproved(
  name: string,
  missing: readonly (ApprovalNeed & { readonly have: number })[],
): TandemError {
  const needs = missing.map(({ reason, count, have, of }) => {
    const who = of.length === 0 ? '' : ` of ${of.join(', ')}`;
    return `${reason} (${counted(count, 'approval')}${who} besides the author's, ${have} given)`;
  });
  return new TandemError({
    code: 'bundle-not-approved',
    message: `${name} lacks approvals: ${needs.join('; ')}`,
    next: 'let somebody else run `tandem approve FILE`',
    details: { missing },
  });
}

export function bundleDeployedAlready(name: string, operation: string): TandemError {
  return new TandemError({
    code: 'bundle-deployed-already',
    message: `${name} was deployed by operation ${operation}; an approval is for one deployment`,
    next: AGAIN,
  });
}

export function planDiffers(name: string, difference: readonly string[]): TandemError {
  return new TandemError({
    code: 'plan-differs',
    message: `what would be done now is not what ${name} has: ${firstOf(difference, 10, '; ')}`,
    next: AGAIN,
    details: { difference },
  });
}

/** @param file the bundle of what is left, where it was made */
export function waitingApproval(stack: StackId, beyond: readonly string[], file = 'FILE'): TandemError {
  return new TandemError({
    code: 'waiting-approval',
    message: `${stack} was planned again with what the stacks before it made, and its plan has more than was approved: ${firstOf(beyond, 10)}`,
    next: `have the bundle of what is left approved with \`tandem approve ${file}\`, and run \`tandem deploy ${file}\``,
    details: { stack, beyond, file },
  });
}

export function bundleMissing(file: string): TandemError {
  return new TandemError({
    code: 'bundle-missing',
    message: `there is no bundle ${file}`,
    next: 'name the file of one, or make it: `tandem plan STACK --live --out FILE`',
  });
}

export function approversUnknown(commit: string, why: string): TandemError {
  return new TandemError({
    code: 'approvers-unknown',
    message: `who approves is decided by commit ${commit.slice(0, 10)}, which was deployed last, and it cannot be read here: ${why}`,
    next: 'run `git fetch --unshallow`, or fetch the branch that has it',
  });
}

export function approvalNeeded(needs: readonly ApprovalNeed[], stacks: readonly StackId[]): TandemError {
  const reasons = needs.map(({ reason, count }) => `${reason} (${counted(count, 'approval')})`);
  return new TandemError({
    code: 'approval-needed',
    message: `this is deployed from an approved bundle alone: ${reasons.join('; ')}`,
    next: `run \`tandem plan ${stacks.length > 3 ? 'STACK' : stacks.join(' ')} --live --out FILE\`, let somebody else run \`tandem approve FILE\`, and run \`tandem deploy FILE\``,
    details: { needs },
  });
}

export function ownApproval(name: string, person: string): TandemError {
  return new TandemError({
    code: 'own-approval',
    message: `${name} is ${person}'s own work, and nobody approves what is theirs`,
    next: 'let somebody else run `tandem approve FILE`',
  });
}

export function notAnApprover(keyid: string): TandemError {
  return new TandemError({
    code: 'not-an-approver',
    message: `${keyid} is the key of nobody who approves here`,
    next: 'name a key of config/approvers.yaml with `--key FILE`; whoever is in it only since this change counts after its deployment',
  });
}
