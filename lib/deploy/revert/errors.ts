import { TandemError } from '../../errors/tandem-error.ts';

export function revertUnknown(operation: string, stacks: readonly string[], why: string): TandemError {
  return new TandemError({
    code: 'revert-unknown',
    message: `what ${stacks.join(', ')} ${stacks.length === 1 ? 'was' : 'were'} before operation ${operation} is not known: ${why}`,
    next: 'fetch the history that is missing, or change the configuration by hand; what the operation made anew goes with `tandem destroy STACK`',
    details: { operation, stacks },
  });
}

export function revertChangesNothing(operation: string, why: string, branch?: string): TandemError {
  const push = branch === undefined ? '' : `where its change is in no commit of ${branch} yet, push it; `;
  return new TandemError({
    code: 'revert-changes-nothing',
    message: `nothing reverts operation ${operation}: ${why}`,
    next: `${push}to bring the clouds to the configuration, run \`tandem deploy STACK\``,
    details: { operation },
  });
}

export function revertConflicts(operation: string, files: readonly string[]): TandemError {
  return new TandemError({
    code: 'revert-conflicts',
    message: `operation ${operation} cannot be reverted by itself: later commits changed the same lines of ${files.join(', ')}`,
    next: 'change these files by hand; nothing was written',
    details: { operation, files },
  });
}

export function revertInvalid(problems: readonly { file: string; line: number; message: string }[]): TandemError {
  const told = problems.slice(0, 5).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return new TandemError({
    code: 'revert-invalid',
    message: `the configuration as it was does not validate beside what others changed since: ${told.join('; ')}`,
    next: 'revert what stands on it first, or change the files by hand; no branch was made',
    details: { problems: problems.length },
  });
}

export function revertExists(branch: string): TandemError {
  return new TandemError({
    code: 'revert-exists',
    message: `the branch ${branch} is there already`,
    next: 'review that one, or delete it and run the command again',
    details: { branch },
  });
}

export function revertOutside(root: string): TandemError {
  return new TandemError({
    code: 'revert-outside',
    message: `${root} is in no repository with a commit: what was before an operation is not kept`,
    next: 'change the configuration by hand, and see with `tandem plan` what that does',
  });
}
