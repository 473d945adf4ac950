import { TandemError } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import { firstOf } from '../text/listed.ts';

export function unknownEngine(name: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'unknown-engine',
    message: `this Tandem has no engine "${name}"; it has ${known.join(', ')}`,
    next: 'use the Tandem that wrote it: a newer one, or one with the same engines added',
    details: { name },
  });
}

export function importNoteBroken(stack: StackId, file: string): TandemError {
  return new TandemError({
    code: 'import-note-broken',
    message: `${file} does not say what the next plan of ${stack} imports: it is damaged, or of another stack`,
    next: `remove it, and run \`tandem import ${stack} FILE\` again`,
    details: { stack, file },
  });
}

export function existingUnreadable(file: string, expected: string): TandemError {
  return new TandemError({
    code: 'existing-unreadable',
    message: `${file} is not ${expected}`,
    next: `write one: \`tandem import --help\` has the command`,
    details: { file },
  });
}

/** One failure that an engine reports, in the words of the cloud. */
export interface Fault {
  /** Resource address; empty where none is to blame. */
  readonly address: string;
  readonly summary: string;
  /** HTTP status of the cloud's answer; 0 where there was none. */
  readonly status: number;
  /** The cloud's id of the request, `req-…` of OpenStack; empty where it gave none. */
  readonly requestId: string;
  /** `POST http://…`; empty where unknown. */
  readonly request: string;
  /** What helps, where the engine knows it. @default - read from status and summary */
  readonly remedy?: 'again' | 'adopt' | 'fail';
  /** What people do about it. @default - read from the status */
  readonly next?: string;
}

const LONGEST = 600;

/** What a cloud said, on one line: services answer with pages now and then. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}

const NEXT_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'the credentials in clouds.yaml are refused: renew them, then `tandem deploy --resume`',
  403: 'the cloud forbids it: check the role of the credentials and the quota of the project, then `tandem deploy --resume`',
  404: 'a resource that it depends on is missing: `tandem plan --live` shows what exists',
  409: 'a resource of that name exists that this stack does not own: rename one of the two, or delete the other by hand',
  413: 'a quota is exhausted: raise it, or delete what is not needed, then `tandem deploy --resume`',
  429: 'the API rate-limits requests: wait a minute, then `tandem deploy --resume` with a lower --resource-parallelism',
};

function faultMessage(fault: Fault): string {
  const where = fault.address === '' ? '' : `${fault.address}: `;
  const request = fault.request === '' ? '' : ` (${fault.request})`;
  const id = fault.requestId === '' ? '' : ` [request ${fault.requestId}]`;
  return `${where}${fault.summary}${request}${id}`;
}

export function stackFailed(stack: string, verb: string, faults: readonly Fault[], attempts: number): TandemError {
  const first = faults[0];
  const status = first?.status ?? 0;
  const tries = attempts > 1 ? `, after ${attempts} attempts` : '';
  const next =
    first?.next ??
    NEXT_BY_STATUS[status] ??
    (status >= 500
      ? 'the cloud API keeps failing (5xx): give its operators the request id, and run `tandem deploy --resume` after it recovers'
      : 'fix the cause, then `tandem deploy --resume`: completed changes are kept');
  return new TandemError({
    code: 'stack-failed',
    message: `${verb} ${stack} failed${tries}: ${first === undefined ? 'no reason was given' : firstOf(faults.map(faultMessage), 1, '; ')}`,
    next,
    details: { stack, verb, faults, attempts },
  });
}

export function planGrew(stack: string, changes: readonly string[]): TandemError {
  return new TandemError({
    code: 'plan-changed',
    message: `the plan of ${stack} now has changes that were not confirmed: ${changes.join(', ')}`,
    next: 'the cloud or the configuration changed after the plan was confirmed: run again and review the new plan',
    details: { stack, changes },
  });
}
