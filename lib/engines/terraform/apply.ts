import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineOptions, FrozenStackPlan, StackEvent } from '../engine.ts';
import { type RunRequest, runFollowed } from '../run.ts';
import { TerraformFailure } from './failure.ts';
import { checkIn, checkOut, type KeptStates, recoverStates, removeWorking } from './kept-state.ts';
import { forgetRunning, noteRunning } from './running.ts';
import { type Diagnostic, readMessage } from './ui-stream.ts';
import { ERRORED, OUTPUT } from './work-folder.ts';

export interface ApplyRun {
  readonly frozen: FrozenStackPlan;
  readonly planFile: string;
  readonly run: Omit<RunRequest, 'signal'>;
  readonly options: Pick<EngineOptions, 'signal' | 'fence'>;
  /** Where the state is kept. @default - Terraform alone knows */
  readonly kept: KeptStates | undefined;
}

/** How often the lock is looked at, and an encrypted state written back, in milliseconds; Terraform tells something every ten seconds. */
const LOOK = 10_000;
/** Waits before attempts at a back end that did not take a state, in milliseconds; its client waits for it besides. */
const PATIENCE = [0, 10_000];

/**
 * Applies a plan. Whatever happens to Terraform or its back end, the state that it knew last is in the back end afterwards, or in the work
 * folder, where the next run finds it.
 * @throws TerraformFailure, and TandemError `state-not-saved`, `lock-lost`
 */
export async function* applyPlan({ frozen, planFile, run, options, kept }: ApplyRun): AsyncGenerator<StackEvent> {
  const { stack } = frozen;
  const { folder } = run;
  const sealed = kept?.states.isSealed === true ? kept : undefined;
  const lost = new AbortController();
  let looked = performance.now();
  const look = async (): Promise<void> => {
    if (lost.signal.aborted || performance.now() - looked < LOOK) return;
    looked = performance.now();
    try {
      await options.fence?.();
      if (sealed !== undefined) await checkIn(stack.id, folder, sealed);
    } catch (error) {
      // Somebody else works on the stack: Terraform finishes what it began, and no more. A back end that fails is asked again.
      if (isLost(error)) lost.abort(error);
    }
  };
  if (sealed !== undefined) await checkOut(stack.id, folder, sealed);
  await options.fence?.();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const request = { ...run, signal, onStart: (processId: number) => noteRunning(folder, processId) };
  try {
    // Once Terraform works, it has read the plan.
    yield* followed(frozen, request, () => rmSync(planFile, { force: true }), look);
  } finally {
    forgetRunning(folder);
    if (!lost.signal.aborted) await save(stack.id, folder, kept, options);
  }
}

async function save(
  stack: FrozenStackPlan['stack']['id'],
  folder: string,
  kept: KeptStates | undefined,
  { fence }: Pick<EngineOptions, 'fence'>,
): Promise<void> {
  if (kept === undefined || (!kept.states.isSealed && !existsSync(join(folder, ERRORED)))) return;
  for (const [attempt, pause] of PATIENCE.entries()) {
    await sleep(pause);
    try {
      await fence?.();
      await recoverStates(stack, folder, kept, () => undefined);
      removeWorking(folder);
      return;
    } catch (error) {
      if (isLost(error) || attempt === PATIENCE.length - 1) throw error;
    }
  }
}

async function* followed(
  { stack }: FrozenStackPlan,
  run: RunRequest,
  onRead: () => void,
  look: () => Promise<void>,
): AsyncGenerator<StackEvent> {
  const errors: Diagnostic[] = [];
  const output = runFollowed(run, join(run.folder, OUTPUT));
  let next = await output.next();
  for (; next.done !== true; next = await output.next()) {
    const { event, diagnostic } = readMessage(stack.id, next.value);
    if (diagnostic?.severity === 'error') errors.push(diagnostic);
    if (event === undefined) continue;
    onRead();
    await look();
    yield event;
  }
  if (next.value.code === 0) return;
  run.signal.throwIfAborted();
  throw new TerraformFailure(errors, next.value);
}

function isLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'lock-lost';
}
