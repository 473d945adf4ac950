import type { StackId } from '../../stack/id.ts';
import { type Fault, stackFailed } from '../errors.ts';
import { type RunRequest, type RunResult, runLines } from '../run.ts';
import { toFault } from './faults.ts';
import { type Diagnostic, readMessage } from './ui-stream.ts';

/** Terraform ended with an error; what it said of it. */
export class TerraformFailure extends Error {
  readonly errors: readonly Diagnostic[];
  readonly stderr: string;
  /** By a signal: in a back end whose locks outlive their holder, its own is left. */
  readonly isKilled: boolean;
  constructor(errors: readonly Diagnostic[], { stderr, isKilled }: Pick<RunResult, 'stderr' | 'isKilled'>) {
    super('terraform failed');
    this.errors = errors;
    this.stderr = stderr;
    this.isKilled = isKilled;
  }
}

/** Runs a command with `-json`, keeping its errors. */
export async function collect(stack: StackId, run: RunRequest): Promise<void> {
  const errors: Diagnostic[] = [];
  const result = await runLines(run, (line) => {
    const { diagnostic } = readMessage(stack, line);
    if (diagnostic?.severity === 'error') errors.push(diagnostic);
  });
  if (result.code !== 0) throw new TerraformFailure(errors, result);
}

export async function orFail<T>(stack: StackId, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TerraformFailure) throw stackFailed(stack, 'planning', toFaults(error), 1);
    throw error;
  }
}

export function toFaults({ errors, stderr }: TerraformFailure): Fault[] {
  const silent = { severity: 'error', summary: lastWords(stderr, SILENT), detail: '', address: '' } as const;
  return (errors.length > 0 ? errors : [silent]).map(toFault);
}

/** A process that is killed says nothing. */
const SILENT = 'it ended without a word: it was killed, perhaps because memory ran out';

/** What a program complained of, on one line. */
export function lastWords(text: string, silent = 'it gave no reason'): string {
  const words = text
    .replaceAll(/[\u2500-\u257f]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const from = words.lastIndexOf('Error: ');
  return words === '' ? silent : words.slice(from < 0 ? -600 : from + 'Error: '.length).slice(0, 600);
}
