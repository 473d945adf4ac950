/** A thread that synthesizes batches: each message is a batch, each answer its artefacts. Started by `pool.ts`. */
import { parentPort } from 'node:worker_threads';
import { synthesizeInProcess } from './in-process.ts';
import type { Answer, Task } from './pool.ts';

const port = parentPort;
port?.on('message', ({ id, batch }: Task) => {
  const answer = (message: Answer): void => port.postMessage(message);
  synthesizeInProcess(batch).then(
    (artefacts) => answer({ id, artefacts }),
    (error: unknown) => answer({ id, error }),
  );
});
