import { constants } from 'node:os';
import { interrupted } from '../deploy/errors.ts';
import { TandemError } from '../errors/tandem-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** One Ctrl-C may arrive twice: from the terminal, and passed on by whoever started this process. In milliseconds. */
const ECHO_MS = 500;
/** How long what only reads may take to stop by itself, in milliseconds. */
const GRACE_MS = 5000;

/** The answer to Ctrl-C, to a polite kill, and to a terminal that goes away. */
export interface Interruption {
  /** Aborted by the first of them. Whoever reads it stops by it; what never does is left at once. */
  readonly signal: AbortSignal;
  /**
   * Runs a verb. The first signal asks it to stop: one that acts finishes what it began, however long that takes; one that only reads is
   * left after a moment. A second one leaves either at once.
   * @throws TandemError `interrupted` where it was stopped, and what the work throws
   */
  run<T>(work: () => Promise<T>, acts: boolean): Promise<T>;
  /** As shells have it: 128 and the signal's number; undefined where nothing was interrupted. */
  exitCode(): number | undefined;
}

export interface InterruptionProps {
  readonly process: Pick<NodeJS.Process, 'on' | 'off'>;
  readonly log: (text: string) => void;
  /** The command line, to be run again. */
  readonly command: string;
}

export function openInterruption({ process, log, command }: InterruptionProps): Interruption {
  const controller = new AbortController();
  let by: Signal | undefined;
  let since = 0;
  let isHeard = false;
  return {
    get signal() {
      isHeard = true;
      return controller.signal;
    },
    async run(work, acts) {
      const left = Promise.withResolvers<never>();
      let timer: NodeJS.Timeout | undefined;
      const leave = (): void => left.reject(interrupted({ command }));
      const stop = (name: Signal): void => {
        if (by === undefined) {
          by = name;
          since = performance.now();
          const waits = acts && isHeard;
          log(waits ? '\nStopping: what is begun is finished first. Once more leaves at once.\n' : '\nStopping.\n');
          controller.abort();
          if (!waits) timer = setTimeout(leave, isHeard ? GRACE_MS : 0);
        } else if (performance.now() - since > ECHO_MS) {
          log(`\nLeaving at once.${acts ? ` ${LEFT}` : ''}\n`);
          leave();
        }
      };
      for (const name of SIGNALS) process.on(name, stop);
      try {
        return await Promise.race([work(), left.promise]);
      } catch (error) {
        throw isStopped(error, by !== undefined) ? interrupted({ command }, error) : error;
      } finally {
        clearTimeout(timer);
        for (const name of SIGNALS) process.off(name, stop);
      }
    },
    exitCode: () => (by === undefined ? undefined : 128 + constants.signals[by]),
  };
}

const LEFT =
  'A program that was started may still run, and things may be half made: the next run finds them, and goes on with them.';

/** Whether an error is what stopping looks like from inside: of any kind once a signal came, but for those that say more. */
function isStopped(error: unknown, isInterrupted: boolean): boolean {
  if (error instanceof Error && error.name === 'AbortError') return true;
  return isInterrupted && (!(error instanceof TandemError) || error.code === 'declined');
}
