import { type ApplicationContext, proposeCompletions, run } from '@stricli/core';
import { app, routes } from './app.ts';
import { createContext, type TandemContext } from './context.ts';
import { takeFailure, toErrorJson } from './failure.ts';
import { placeGlobalFlags, projectFolder } from './global-flags.ts';

/**
 * Runs the command line in a process: all that `tandem` does, but for the process itself. Gives whether it was interrupted, and something
 * that it left may still keep the process alive.
 */
export async function runTandem(
  process: NodeJS.Process,
  args: readonly string[],
): Promise<{ readonly isInterrupted: boolean }> {
  // Node's process allows an undefined exit code where the parser's type does not.
  const context = createContext(process, args, projectFolder(args)) as TandemContext & ApplicationContext;
  if (args[0] === 'complete') {
    // Asked by the shell: the words after it are unfinished, and no flags of this program.
    for (const { completion, brief } of await proposeCompletions(app, placeGlobalFlags(args.slice(1), routes), context))
      context.out(`${completion}\t${brief}\n`);
  } else await run(app, placeGlobalFlags(args, routes), context);
  const failure = takeFailure();
  if (failure !== undefined && args.includes('--json')) context.json(`${JSON.stringify(toErrorJson(failure))}\n`);
  // The parser has negative codes of its own; people and scripts know 0, 1 and 2.
  const { passesExitCode } = context;
  if (!passesExitCode && typeof process.exitCode === 'number' && (process.exitCode < 0 || process.exitCode > 2))
    process.exitCode = 1;
  const interrupted = context.interruption.exitCode();
  if (interrupted !== undefined && process.exitCode !== 0) process.exitCode = interrupted;
  return { isInterrupted: interrupted !== undefined };
}
