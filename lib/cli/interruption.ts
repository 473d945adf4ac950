import type { TandemContext } from './context.ts';

/**
 * A signal that the first Ctrl-C (or a polite kill) aborts: what is begun is finished and noted. Further ones only say so, since
 * ending an engine in the middle is what leaves things behind.
 */
export function interruption(context: TandemContext): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    const again = controller.signal.aborted;
    context.log(
      again ? '\nStill stopping: what is begun is being finished.\n' : '\nStopping: what is begun is finished first.\n',
    );
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) context.process.on(name, stop);
  return controller.signal;
}
