import { TandemError } from '../errors/tandem-error.ts';
import { counted, plural } from '../text/plural.ts';

export function clusterTooOld(environment: string): TandemError {
  return new TandemError({
    code: 'cluster-too-old',
    message: `the cluster of environment ${environment} was deployed by an earlier version of Tandem, and has no table of jobs`,
    next: `\`tandem deploy ${environment}\` brings it up to this one`,
    details: { environment },
  });
}

export function noSuchQueue(environment: string, received: string | undefined, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-such-queue',
    message:
      received === undefined
        ? `environment ${environment} has several queues, and none is named`
        : `environment ${environment} has no queue "${received}"`,
    next: `name one of: ${known.map((name) => `--queue ${name}`).join(', ')}`,
    details: { environment, known },
  });
}

export function cannotReadJobs(path: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'cannot-read-jobs',
    message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'name files or folders that exist and that you may read, or - for standard input',
    cause,
    details: { path },
  });
}

export function lineTooLong(path: string, line: number, most: number): TandemError {
  return new TandemError({
    code: 'line-too-long',
    message: `line ${line} of ${path} has more than ${most} bytes`,
    next: "write one JSON object a line (`jq -c '.[]'` makes lines of an array)",
    details: { path, line },
  });
}

/** @param more problems beyond those that are told */
export function invalidJobs(problems: readonly string[], more: number): TandemError {
  const lines = more === 0 ? problems : [...problems, `and ${more} more`];
  return new TandemError({
    code: 'invalid-jobs',
    message: `${counted(problems.length + more, 'entry is no job', 'entries are no jobs')}, and nothing was sent:\n  ${lines.join('\n  ')}`,
    next: 'correct them and run the command again',
    details: { problems, more },
  });
}

export function noJobs(names: readonly string[]): TandemError {
  return new TandemError({
    code: 'no-jobs',
    message: `${names.length === 0 ? 'the input' : names.join(', ')} has no jobs`,
    next: 'write one JSON object a line, {"id": "…", …}, a JSON array of them, or a folder of such files (.json, .jsonl, .ndjson)',
  });
}

export function jobsDiffer(conflicts: readonly string[], more: number): TandemError {
  const lines = more === 0 ? conflicts : [...conflicts, `and ${more} more`];
  const count = conflicts.length + more;
  return new TandemError({
    code: 'jobs-differ',
    message: `${counted(count, 'job was', 'jobs were')} submitted before with other content, and nothing was sent:\n  ${lines.join('\n  ')}`,
    next: 'give the changed jobs other ids (--id-prefix gives all of them others), or take them out',
    details: { conflicts, more },
  });
}

export function jobsNotSent(done: number, total: number, reasons: readonly string[], cause?: unknown): TandemError {
  return new TandemError({
    code: 'jobs-not-sent',
    message: `${total - done} of ${counted(total, 'job')} ${plural(total - done, 'was', 'were')} not sent:\n  ${reasons.join('\n  ')}`,
    next: 'run the same command again: it goes on, and sends nothing twice',
    cause,
    details: { done, total, reasons },
  });
}

export function redriveRunning(arn: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'redrive-running',
    message: `SQS moves the messages of ${arn} already`,
    next: 'wait until it is done; the same command shows how far it is',
    cause,
    details: { arn },
  });
}

export function redriveFailed(queue: string, status: string, reason: string, moved: number): TandemError {
  const why = reason === '' ? status : `${status}: ${reason}`;
  return new TandemError({
    code: 'redrive-failed',
    message: `SQS stopped moving the dead letters of queue ${queue} after ${moved} (${why})`,
    next: 'fix the cause (permissions of the queues and of their key, as a rule) and run the command again: the others are where they were',
    details: { queue, status, reason, moved },
  });
}

export function noDeadLetters(environment: string, queue: string): TandemError {
  return new TandemError({
    code: 'no-dead-letters',
    message: `queue ${queue} of environment ${environment} has no dead-letter queue`,
    next: `\`tandem drift ${environment}\` shows who changed it`,
    details: { environment, queue },
  });
}

export function noSuchJob(environment: string, id: string): TandemError {
  return new TandemError({
    code: 'no-such-job',
    message: `environment ${environment} has no record of a job "${id}", and no result of it`,
    next: `\`tandem job list ${environment}\` shows what is known; jobs that applications send by themselves are known once they run`,
    details: { environment, id },
  });
}

/** @param state undefined where there is no record */
export function noResult(environment: string, id: string, state: string | undefined): TandemError {
  if (state === undefined) return noSuchJob(environment, id);
  const isOver = state === 'failed' || state === 'cancelled';
  return new TandemError({
    code: 'no-result',
    message: `job ${id} is ${state}, and has no result`,
    next: isOver
      ? `\`tandem job show ${environment} ${id}\` tells why; \`tandem job retry ${environment} ${id}\` sends it again`
      : `\`tandem job show ${environment} ${id}\` tells how far it is`,
    details: { environment, id, state },
  });
}

export function resultChanged(environment: string, key: string): TandemError {
  return new TandemError({
    code: 'result-changed',
    message: `${key} of environment ${environment} was written again while it was read`,
    next: 'run the command again; a result is written once, so look who did it',
    details: { environment, key },
  });
}

export function fileExists(file: string): TandemError {
  return new TandemError({
    code: 'file-exists',
    message: `${file} exists`,
    next: 'name another file, or replace it with --force',
    details: { file },
  });
}

export function badPage(received: string): TandemError {
  return new TandemError({
    code: 'bad-page',
    message: `--page: got "${received}", which is not the mark of a page`,
    next: 'copy the one that the page before shows, or leave it out for the newest jobs',
    details: { received },
  });
}

export function noJobsInLease(lease: string, blueprint: string): TandemError {
  return new TandemError({
    code: 'no-jobs-in-lease',
    message: `dev environment ${lease} does no jobs: no tier of its blueprint ${blueprint} runs aws-endpoint`,
    next: 'name an environment of another blueprint, such as one of `tandem env list`, or a cluster',
  });
}

export function endpointUnknown(lease: string): TandemError {
  return new TandemError({
    code: 'job-endpoint-unknown',
    message: `where the AWS endpoint of dev environment ${lease} answers is not known: its stack has no such server yet`,
    next: `\`tandem env show ${lease}\` tells how far it is; \`tandem env repair ${lease}\` makes what is missing`,
  });
}
