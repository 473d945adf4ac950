import { TandemError } from '../errors/tandem-error.ts';
import { counted } from '../text/plural.ts';

/** The configuration's part of the error catalogue: `config-…`. Problems inside files are diagnostics, not errors. */
export function configGitMissing(cause: unknown): TandemError {
  return new TandemError({
    code: 'config-git-missing',
    message: 'git is not installed on this machine, and commits are read with it',
    next: 'install git and run the command again',
    cause,
  });
}

export function configNoRepository(facts: { root: string }): TandemError {
  return new TandemError({
    code: 'config-no-repository',
    message: `${facts.root} is not in a git repository, so there are no commits to compare with`,
    next: 'run in a clone of the project, or omit the revision',
    details: facts,
  });
}

export function configUnknownRevision(facts: { revision: string }): TandemError {
  return new TandemError({
    code: 'config-unknown-revision',
    message: `"${facts.revision}" names no commit of this repository`,
    next: 'write a branch, tag or commit that `git log` shows, after `git fetch` where it is new',
    details: facts,
  });
}

export function configShallowClone(facts: { revision: string }): TandemError {
  return new TandemError({
    code: 'config-shallow-clone',
    message: `"${facts.revision}" names no commit of this clone, which is shallow: older commits are not in it`,
    next: 'run `git fetch --unshallow`; in CI, check out with full history (fetch-depth: 0)',
    details: facts,
  });
}

export function configGitFailed(facts: { said: string }, cause: unknown): TandemError {
  return new TandemError({
    code: 'config-git-failed',
    message: `git cannot read the repository: ${facts.said}`,
    next: 'fix what git reports, and run the command again',
    cause,
    details: facts,
  });
}

export function invalidConfiguration(count: number): TandemError {
  return new TandemError({
    code: 'invalid-configuration',
    message: `the configuration has ${counted(count, 'problem')}`,
    next: 'fix the problems listed above; `tandem validate` lists them again',
    details: { count },
  });
}

export function stateBackendIncomplete(backend: string, missing: string): TandemError {
  return new TandemError({
    code: 'state-backend-incomplete',
    message: `state.backend is "${backend}" and ${missing} is missing`,
    next: `write ${missing} in config/tandem.yaml, or use the backend "local"`,
  });
}

export function secretStoreIncomplete(store: string, missing: string): TandemError {
  return new TandemError({
    code: 'secret-store-incomplete',
    message: `secrets.store is "${store}" and ${missing} is missing`,
    next: `write ${missing} in config/tandem.yaml, or use the store "file"`,
  });
}
