/** A thread that synthesizes batches: each message is a batch, each answer its artefacts. Started by `pool.ts`. */
import { parentPort } from 'node:worker_threads';
import type { StackDefinition } from '../engines/definition.ts';
import { synthesizeInProcess } from './in-process.ts';

const port = parentPort;
port?.on('message', (batch: readonly StackDefinition[]) => {
  synthesizeInProcess(batch).then(
    (artefacts) => port.postMessage({ artefacts }),
    (error: unknown) => port.postMessage({ error }),
  );
});
