import { TandemError } from '../errors/tandem-error.ts';
import { plural } from '../text/plural.ts';
import { interrupted } from './errors.ts';
import type { OperationOptions, RunningOperation } from './ports.ts';
import { stackOf } from './progress.ts';

/**
 * The error of an operation, with what it left behind and how to go on: from what it began, never from the kind of error. What is no
 * expected error stays as it is.
 */
export function explainFailure(
  error: unknown,
  { id, progress }: Pick<RunningOperation, 'id' | 'progress'>,
  { resume = 'tandem deploy --resume', signal, tells }: Pick<OperationOptions, 'resume' | 'signal' | 'tells'>,
): unknown {
  const unfinished = progress.begun.map(nameOf);
  if (signal.aborted && unfinished.length > 0 && tells === undefined)
    return interrupted({ command: resume, operation: id, stacks: unfinished });
  if (!(error instanceof TandemError)) return error;
  if (progress.isUntouched) return error.told('nothing was changed', error.next, { operation: id });
  const done = progress.done.map(nameOf);
  const left =
    tells !== undefined
      ? tells()
      : unfinished.length > 0
        ? `${unfinished.join(', ')} ${plural(unfinished.length, 'is', 'are')} unfinished`
        : `${done.join(', ')} ${plural(done.length, 'was', 'were')} done before`;
  // A removal is repeated by its own command, and is then no operation to resume.
  const isWhole = error.next.includes(resume) || error.next.includes('`tandem destroy ');
  const next = isWhole ? error.next : `${error.next}; then \`${resume}\` continues operation ${id}`;
  return error.told(left, next, { operation: id, unfinished, done });
}

function nameOf(key: string): string {
  return stackOf(key) ?? `step "${key}"`;
}
