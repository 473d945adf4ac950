import { extname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { StackDefinition } from '../engines/definition.ts';
import { asError } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import type { ArtefactText } from './artefact-cache.ts';
import { synthesizeInProcess } from './in-process.ts';

export interface Task {
  readonly id: number;
  readonly batch: readonly StackDefinition[];
}

export type Answer = { readonly id: number } & (
  | { readonly artefacts: Map<StackId, ArtefactText> }
  | { readonly error: unknown }
);

/**
 * Synthesizes batches on threads, this one among them, the next batch to whoever is free, and hands each over as it is done. A thread
 * keeps its loaded engines from batch to batch; its heap is bounded, since what a batch leaves behind is garbage.
 */
export async function synthesizeOnThreads(
  batches: readonly (readonly StackDefinition[])[],
  threads: number,
  onBatch: (artefacts: Map<StackId, ArtefactText>) => void,
): Promise<void> {
  const tasks = batches.map((batch, id): Task => ({ id, batch }));
  const others = Math.min(threads, batches.length) - 1;
  const stop = (error: unknown): never => {
    tasks.length = 0;
    throw asError(error);
  };
  await Promise.all([
    ...Array.from({ length: others }, () => runOnThread(tasks, onBatch).catch(stop)),
    runHere(tasks, onBatch).catch(stop),
  ]);
}

async function runHere(queue: Task[], onBatch: (artefacts: Map<StackId, ArtefactText>) => void): Promise<void> {
  // Threads are started, and get their first batches, before this one is busy.
  await breathe();
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
    onBatch(await synthesizeInProcess(task.batch));
    await breathe();
  }
}

/** With a second batch waiting at the thread: this one is too busy to hand over the next at once. */
async function runOnThread(queue: Task[], onBatch: (artefacts: Map<StackId, ArtefactText>) => void): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, `worker${extname(import.meta.filename)}`), {
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 96 },
  });
  worker.setMaxListeners(0);
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) onBatch(await ask(worker, task));
  };
  try {
    await Promise.all([lane(), lane()]);
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, task: Task): Promise<Map<StackId, ArtefactText>> {
  return new Promise((resolve, reject) => {
    const onError = (error: unknown) => settle(() => reject(asError(error)));
    const onExit = (code: number) => settle(() => reject(new Error(`a synthesis thread ended with ${code}`)));
    const onMessage = (answer: Answer) => {
      if (answer.id !== task.id) return;
      settle(() => {
        if ('artefacts' in answer) resolve(answer.artefacts);
        else reject(asError(answer.error));
      });
    };
    const settle = (action: () => void) => {
      worker.off('error', onError).off('exit', onExit).off('message', onMessage);
      action();
    };
    worker.on('error', onError).on('exit', onExit).on('message', onMessage);
    worker.postMessage(task);
  });
}
