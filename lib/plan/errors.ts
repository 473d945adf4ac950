import { TandemError } from '../errors/tandem-error.ts';
import { firstOf } from '../text/listed.ts';
import { counted } from '../text/plural.ts';

/** @param remote - Branch of a remote that has the name, as in a clone where nobody checked it out: `origin/main` */
export function noSuchCommit(rev: string, isShallow: boolean, remote?: string): TandemError {
  return new TandemError({
    code: 'no-such-commit',
    message: `"${rev}" names no commit of this clone`,
    next: isShallow
      ? 'this clone is shallow: run `git fetch --unshallow`'
      : remote !== undefined
        ? `this clone has it as a branch of its remote alone: \`tandem plan --base ${remote}\``
        : 'run `git fetch`, or name a branch, tag or commit; `none` compares with an empty state',
    details: { rev },
  });
}

export function noCommonCommit(branch: string, tip: string, isShallow: boolean): TandemError {
  return new TandemError({
    code: 'no-common-commit',
    message: `where this checkout and ${branch} began to differ ${isShallow ? 'is cut off in this shallow clone' : 'is nowhere: their histories have no commit in common'}`,
    next: `${isShallow ? 'run `git fetch --unshallow`' : 'merge one into the other'}, or compare with the very commit that it is at: \`tandem plan --base ${tip.slice(0, 10)}\``,
    details: { branch, tip },
  });
}

export function baseConfigurationInvalid(commit: string, count: number, first: string): TandemError {
  return new TandemError({
    code: 'base-configuration-invalid',
    message: `the configuration of ${commit.slice(0, 10)} does not load with this version of Tandem: ${counted(count, 'problem')}, the first: ${first}`,
    next: 'compare with a later commit, or with the record of the last deployment (without --base)',
    details: { commit, count },
  });
}

export function baseCodeFailed(commit: string, why: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'base-code-failed',
    message: `the code of ${commit.slice(0, 10)} is not the installed version, and cannot be synthesized on this machine: ${why}`,
    next: 'compare with a later commit, or with the record of the last deployment (without --base)',
    cause,
    details: { commit },
  });
}

export function noSuchAddress(asked: string, near: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-address',
    message: `"${asked}" is not a resource, a stack or a line of the configuration`,
    next:
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`tandem plan --base none --verbose` lists addresses',
    details: { nearest: near },
  });
}

export function ambiguousAddress(asked: string, matches: readonly string[]): TandemError {
  return new TandemError({
    code: 'ambiguous-address',
    message: `"${asked}" is in ${matches.length} stacks`,
    next: `name one: ${firstOf(matches, 4)}`,
    details: { matches },
  });
}

/** @param lines how many the file has; undefined where it is no file of the configuration */
export function noSuchLine(asked: string, file: string, lines: number | undefined): TandemError {
  return new TandemError({
    code: 'no-such-line',
    message:
      lines === undefined
        ? `${file} is not a file of the configuration`
        : `${asked} is past the end of the file: its last line is ${lines}`,
    next:
      lines === undefined
        ? 'name a line like config/blueprints/di.yaml:12, relative to the project'
        : `name a line from 1 to ${lines}, or ${file} for the whole file`,
    details: { file },
  });
}

export function maskingFailed(masks: readonly string[], cause: unknown): TandemError {
  return new TandemError({
    code: 'masking-failed',
    message: `the masks ${firstOf(masks, 5)} cannot be applied to this plan, so that nothing of it is shown or written`,
    next: 'correct `review.masks` in config/tandem.yaml, then run the command again',
    cause,
    details: { masks },
  });
}
