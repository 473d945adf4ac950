import { TandemError } from '../errors/tandem-error.ts';
import { counted } from '../text/plural.ts';

export function noSuchCommit(rev: string, isShallow: boolean): TandemError {
  return new TandemError({
    code: 'no-such-commit',
    message: `"${rev}" names no commit of this clone`,
    next: isShallow
      ? 'this clone is shallow: `git fetch --unshallow`'
      : '`git fetch`, or name a branch, tag or commit; `none` compares with nothing',
    details: { rev },
  });
}

export function baseConfigurationInvalid(commit: string, count: number, first: string): TandemError {
  return new TandemError({
    code: 'base-configuration-invalid',
    message: `the configuration of ${commit.slice(0, 10)} has ${counted(count, 'problem')} to this code, the first: ${first}`,
    next: 'compare with a later commit, or with the record of what was applied (no --base)',
    details: { commit, count },
  });
}

export function baseCodeFailed(commit: string, why: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'base-code-failed',
    message: `the code of ${commit.slice(0, 10)} is another one, and does not synthesize here: ${why}`,
    next: 'compare with a later commit, or with the record of what was applied (no --base)',
    cause,
    details: { commit },
  });
}

export function noSuchAddress(asked: string, near: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-address',
    message: `"${asked}" is no resource, stack or line of the configuration`,
    next:
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`tandem plan --base none --verbose` lists addresses',
    details: { nearest: near },
  });
}

export function ambiguousAddress(asked: string, matches: readonly string[]): TandemError {
  const shown = matches.slice(0, 4).join(', ');
  return new TandemError({
    code: 'ambiguous-address',
    message: `"${asked}" is in ${matches.length} stacks`,
    next: `name one: ${shown}${matches.length > 4 ? ` or ${matches.length - 4} more` : ''}`,
    details: { matches },
  });
}

export function noSuchLine(asked: string, files: readonly string[]): TandemError {
  const file = asked.replace(/(?::\d+)+$/, '');
  return new TandemError({
    code: 'no-such-line',
    message: files.includes(file) ? `nothing is configured at ${asked}` : `${file} is no file of the configuration`,
    next: 'name a line like config/blueprints/di.yaml:12, relative to the project',
  });
}
