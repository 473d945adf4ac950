import { messageOf, TandemError } from '../errors/tandem-error.ts';
import { fit } from '../text/fit.ts';
import { writtenMessage } from './paint.ts';
import { worldFault } from './world-fault.ts';

/** What a command failed with: remembered while it is printed, so that `--json` can say it on stdout as well. */
let last: unknown;

/** The failure of the run that ends; the next run in this process begins without one. */
export function takeFailure(): unknown {
  const failure = last;
  last = undefined;
  return failure;
}

/** An expected error is a code, a message and a next step; anything else is a bug of Tandem and keeps its trace. */
export function explain(thrown: unknown): string {
  const error = thrown instanceof TandemError ? thrown : (worldFault(thrown) ?? thrown);
  last = error;
  const { isTTY, columns } = process.stderr;
  return isTTY ? fit(said(error), columns) : said(error);
}

function said(error: unknown): string {
  if (error instanceof TandemError)
    return `error ${error.code}: ${writtenMessage(error.message)}\nnext: ${writtenMessage(error.next)}`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error internal: this is a bug of Tandem\nnext: report it with what follows\n${writtenMessage(trace)}`;
}

/** Format `tandem.error/1`. */
export function toErrorJson(error: unknown): Readonly<Record<string, unknown>> {
  const format = 'tandem.error/1';
  if (error instanceof TandemError)
    return { format, code: error.code, message: error.message, next: error.next, details: error.details };
  return {
    format,
    code: 'internal',
    message: messageOf(error),
    next: 'this is a bug of Tandem; report it',
    details: {},
  };
}
