import { outliveOutput } from './context.ts';
import { runTandem } from './run.ts';

outliveOutput(process);
const { isInterrupted } = await runTandem(process, process.argv.slice(2));
// Whatever was left keeps no process alive.
if (isInterrupted) process.exit();
