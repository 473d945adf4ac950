import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StackDefinition } from '../engines/definition.ts';
import type { StackId } from '../stack/id.ts';
import type { ArtefactText } from './artefact-cache.ts';

type Answer = { readonly artefacts: Map<StackId, ArtefactText> } | { readonly error: unknown };

/**
 * Synthesizes batches on threads, the next batch to whoever is free, and hands each over as it is done. A thread keeps its loaded
 * engines from batch to batch; its heap is bounded, since what a batch leaves behind is garbage.
 */
export async function synthesizeOnThreads(
  batches: readonly (readonly StackDefinition[])[],
  threads: number,
  onBatch: (artefacts: Map<StackId, ArtefactText>) => void,
): Promise<void> {
  const queue = [...batches];
  const run = async (): Promise<void> => {
    const worker = new Worker(join(import.meta.dirname, `worker${extname(import.meta.filename)}`), {
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 },
    });
    try {
      for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) onBatch(await ask(worker, batch));
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, batches.length) }, run));
}

function ask(worker: Worker, batch: readonly StackDefinition[]): Promise<Map<StackId, ArtefactText>> {
  return new Promise((resolve, reject) => {
    const onError = (error: unknown) => settle(() => reject(toError(error)));
    const onExit = (code: number) => settle(() => reject(new Error(`a synthesis thread ended with ${code}`)));
    const onMessage = (answer: Answer) =>
      settle(() => {
        if ('artefacts' in answer) resolve(answer.artefacts);
        else reject(toError(answer.error));
      });
    const settle = (action: () => void) => {
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
      action();
    };
    worker.on('error', onError).on('exit', onExit).on('message', onMessage);
    worker.postMessage(batch);
  });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
