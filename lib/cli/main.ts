import { type ApplicationContext, proposeCompletions, run } from '@stricli/core';
import { app } from './app.ts';
import { createContext, type TandemContext } from './context.ts';
import { lastFailure, toErrorJson } from './failure.ts';

// `tandem plan | head` ends when head does, without a word.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const args = process.argv.slice(2);
// Node's process allows an undefined exit code where the parser's type does not.
const context = createContext(process) as TandemContext & ApplicationContext;
if (args[0] === 'complete') {
  // Asked by the shell: the words after it are unfinished, and no flags of this program.
  for (const { completion, brief } of await proposeCompletions(app, args.slice(1), context))
    context.out(`${completion}\t${brief}\n`);
} else await run(app, args, context);
const failure = lastFailure();
if (failure !== undefined && args.includes('--json')) process.stdout.write(`${JSON.stringify(toErrorJson(failure))}\n`);
// The parser has negative codes of its own; people and scripts know 0, 1 and 2.
if (typeof process.exitCode === 'number' && (process.exitCode < 0 || process.exitCode > 2)) process.exitCode = 1;
