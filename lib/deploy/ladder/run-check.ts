import { runLines } from '../../engines/run.ts';
import { childEnvironment } from '../../processes/child-environment.ts';

/** What a check may take. */
const MINUTES = 30;

/**
 * Runs a command of the configuration in the project's folder, without the operator's credentials. A program that is not there, or takes
 * more than half an hour, has failed.
 * @returns its exit code, and the last line that it wrote
 */
export async function runCheck(
  root: string,
  operator: NodeJS.ProcessEnv,
  [program = '', ...args]: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly code: number; readonly said: string }> {
  const timeout = AbortSignal.timeout(MINUTES * 60_000);
  const environment = childEnvironment('check-tool', operator);
  let last = '';
  const { code, stderr } = await runLines(
    { program, args, folder: root, environment, signal: AbortSignal.any([signal, timeout]) },
    (line) => {
      if (line.trim() !== '') last = line;
    },
  );
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return { code: timeout.aborted ? 124 : code, said: (said === '' ? last : said).slice(0, 300) };
}
