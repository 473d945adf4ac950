import { systemFault } from '../fs/fault.ts';
import { explain } from './failure.ts';
import { runTandem } from './run.ts';

// `tandem plan | head` goes on without a word when head ends: what is begun is not left half made for that. A full disk is told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') return;
  process.stderr.write(`${explain(systemFault(error, 'standard output'))}\n`);
  process.exitCode = 1;
});
// A terminal that went away.
process.stderr.on('error', () => undefined);

const { isInterrupted } = await runTandem(process, process.argv.slice(2));
// Whatever was left keeps no process alive.
if (isInterrupted) process.exit();
