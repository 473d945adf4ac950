import { runJob } from './jobs/run-job.ts';
import { DEFAULT_CONFIG_FILE, start } from './start.ts';

const [first = DEFAULT_CONFIG_FILE, name = ''] = process.argv.slice(2);
process.exitCode = first === 'job' ? await runJob(name, process.env) : await start(first, process.env);
// A long poll that was given up may linger.
process.exit();
