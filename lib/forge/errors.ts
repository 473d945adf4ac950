import { TandemError } from '../errors/tandem-error.ts';

export function forgeUnreachable(what: string, why: string, cause?: unknown): TandemError {
  return new TandemError({
    code: 'forge-unreachable',
    message: `${what} was not answered: ${why}`,
    next: 'run again; nothing else depends on it. For a server of your own, check --api and the network of the job',
    cause,
  });
}

export function forgeRefused(what: string, status: number, answer: string): TandemError {
  return new TandemError({
    code: 'forge-refused',
    message: `${what} was refused with status ${status}${answer === '' ? '' : `: ${answer}`}`,
    next:
      status === 401 || status === 403 || status === 404
        ? 'check what the token may do: GitHub needs `pull-requests: write` (and `statuses: write` for --status); GitLab a token of the project with the scope `api`, since CI_JOB_TOKEN cannot write notes'
        : 'see what the answer says',
    details: { status },
  });
}

export function forgeRateLimited(what: string, seconds: number): TandemError {
  return new TandemError({
    code: 'forge-rate-limited',
    message: `${what} is over the forge's rate limit for another ${Math.ceil(seconds)} s`,
    next: 'run again after that; a token of its own has a limit of its own',
    details: { seconds },
  });
}

export function forgeNotClear(missing: string, flag: string): TandemError {
  return new TandemError({
    code: 'forge-not-clear',
    message: `${missing} is not told by the variables of this job`,
    next: `run in a job of a pull or merge request, or name it: ${flag}`,
    details: { flag },
  });
}

export function forgeTokenMissing(variable: string): TandemError {
  return new TandemError({
    code: 'forge-token-missing',
    message: `${variable} is not set`,
    next: `set ${variable} in the environment of this step alone; --dry-run shows the comment without it`,
    details: { variable },
  });
}

export function forgeInsecure(url: string): TandemError {
  return new TandemError({
    code: 'forge-insecure',
    message: `${url} is not https: the token would go over the network in clear`,
    next: 'name the https address with --api',
  });
}

export function commentTooLong(characters: number, limit: number, forge: string): TandemError {
  return new TandemError({
    code: 'comment-too-long',
    message: `the comment has ${characters} characters; ${forge} takes ${limit}`,
    next: 'give the plan as JSON (`tandem plan --json`), which is rendered to fit',
    details: { characters, limit },
  });
}

export function reviewOutdated(planned: string, head: string): TandemError {
  return new TandemError({
    code: 'review-outdated',
    message: `the plan is of commit ${planned.slice(0, 10)}, and the request is at ${head.slice(0, 10)} by now`,
    next: 'nothing needs to be done: the job of the newer commit posts its own plan',
    details: { planned, head },
  });
}
