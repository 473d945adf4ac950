import { giveUp } from './give-up.ts';
import { runJob } from './jobs/run-job.ts';
import { DEFAULT_CONFIG_FILE, start } from './start.ts';

const [first = DEFAULT_CONFIG_FILE, second] = process.argv.slice(2);
process.exitCode = await main();
// A long poll that was given up may linger.
process.exit();

function main(): Promise<number> {
  if (first === 'job') return runJob(second ?? '', process.env);
  if (first === 'give-up') return giveUp(second ?? DEFAULT_CONFIG_FILE, process.env);
  return start(first, process.env);
}
