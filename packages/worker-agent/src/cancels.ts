import { type Log, wordsOf } from './log.ts';
import type { Ports } from './ports.ts';
import type { Taken } from './worker.ts';

export interface CancelsOptions {
  readonly ports: Pick<Ports, 'clock' | 'states'>;
  readonly log: Log;
  readonly everySeconds: number;
  /** Jobs in hand. */
  readonly taken: () => readonly Taken[];
}

/** Asks of each job in hand, once a heartbeat, whether somebody cancelled it; ends those. Until the signal is aborted. */
export async function watchCancels(options: CancelsOptions, signal: AbortSignal): Promise<void> {
  const { ports, log, everySeconds, taken } = options;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    await ports.clock.sleep(everySeconds * 1000, signal);
    for (const { id, cancel } of isOver() ? [] : taken()) {
      try {
        if (await ports.states.isCancelled(id)) cancel.abort();
      } catch (error) {
        log('warn', 'state of the job not read', { job: id, why: wordsOf(error) });
      }
    }
  }
}
