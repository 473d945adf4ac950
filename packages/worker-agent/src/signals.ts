import type { Log } from './log.ts';

/** After the second signal, the time for giving jobs back. */
const AT_ONCE_MS = 8000;

/** SIGTERM and SIGINT; the second ends the process soon, whatever it does. */
export function onSignals(act: () => void, log: Log): void {
  let count = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      count += 1;
      log('info', 'signal', { name, count });
      act();
      if (count === 2) setTimeout(() => process.exit(1), AT_ONCE_MS).unref();
    });
  }
}
