import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asError } from '../../errors/tandem-error.ts';

/** A module whose tasks run on threads; everything that goes in and out can be cloned. */
export interface TaskModule<Setup, Task, Outcome> {
  /** Once on each thread: what all tasks have in common. */
  readonly prepare: (setup: Setup) => Work<Task, Outcome> | Promise<Work<Task, Outcome>>;
}

type Work<Task, Outcome> = (task: Task) => Outcome;

export interface ThreadData {
  /** URL of a `TaskModule`. */
  readonly module: string;
  readonly setup: unknown;
}

export interface Message {
  readonly id: number;
  readonly task: unknown;
}

export type Answer = { readonly id: number } & ({ readonly outcome: unknown } | { readonly error: unknown });

export interface PoolOptions<Setup> {
  /** URL of a `TaskModule`: `new URL('task.ts', import.meta.url)`. */
  readonly module: string;
  readonly setup: Setup;
  /** @default - the machine's cores */
  readonly threads?: number | undefined;
}

export interface Pool<Task, Outcome> {
  /** Outcomes in the order of the tasks, however many threads there are; each is told when it is there. @throws what a task throws */
  run(tasks: readonly Task[], onOutcome?: (index: number, outcome: Outcome) => void): Promise<Outcome[]>;
  /** Ends the threads, in the middle of their tasks too. */
  close(): Promise<void>;
}

/** Threads that stay for many rounds of tasks. This one stays free, to show how far they are and to hear Ctrl-C. */
export function openPool<Setup, Task, Outcome>({
  module,
  setup,
  threads = availableParallelism(),
}: PoolOptions<Setup>): Pool<Task, Outcome> {
  const file = join(import.meta.dirname, `thread${extname(import.meta.filename)}`);
  const data: ThreadData = { module, setup };
  const failed = new Map<Worker, unknown>();
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(file, { workerData: data });
    // Also between tasks: the next one is told.
    worker.on('error', (error) => failed.set(worker, error));
    return worker;
  });
  return {
    async run(tasks, onOutcome) {
      const outcomes: Outcome[] = [];
      const queue = tasks.map((task, id): Message => ({ id, task }));
      const lane = async (worker: Worker): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          if (failed.has(worker)) throw asError(failed.get(worker));
          const outcome = (await ask(worker, next)) as Outcome;
          outcomes[next.id] = outcome;
          onOutcome?.(next.id, outcome);
        }
      };
      try {
        await Promise.all(workers.map(lane));
      } finally {
        // After a failure the other threads begin nothing more.
        queue.length = 0;
      }
      return outcomes;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, message: Message): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void): void => {
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
      action();
    };
    const onError = (error: unknown): void => settle(() => reject(asError(error)));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`a thread of the simulation ended with ${code}`)));
    const onMessage = (answer: Answer): void =>
      settle(() => ('error' in answer ? reject(asError(answer.error)) : resolve(answer.outcome)));
    worker.on('error', onError).on('exit', onExit).on('message', onMessage);
    worker.postMessage(message);
  });
}
