import { runTandem } from './run.ts';

// `tandem plan | head` ends when head does, without a word.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

await runTandem(process, process.argv.slice(2));
