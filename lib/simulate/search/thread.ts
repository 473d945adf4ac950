/** A thread that works out tasks with one module: each message is a task, each answer its outcome. Started by `pool.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Message, TaskModule, ThreadData } from './pool.ts';

const { module, setup } = workerData as ThreadData;
const { prepare } = (await import(module)) as TaskModule<unknown, unknown, unknown>;
const work = await prepare(setup);

parentPort?.on('message', ({ id, task }: Message) => {
  const answer = (message: Answer): void => parentPort?.postMessage(message);
  try {
    answer({ id, outcome: work(task) });
  } catch (error) {
    answer({ id, error });
  }
});
