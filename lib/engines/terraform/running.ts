import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from '../../fs/files.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from '../../state/process.ts';
import { RUNNING } from './work-folder.ts';

/** Notes which process applies in a work folder: it may outlive this one. */
export function noteRunning(folder: string, processId: number): void {
  writeFileSync(join(folder, RUNNING), JSON.stringify(identifyProcess(processId)), { mode: 0o600 });
}

export function forgetRunning(folder: string): void {
  rmSync(join(folder, RUNNING), { force: true });
}

/** How an apply that an earlier Tandem began in a work folder went on without it. */
export type Earlier = 'none' | 'ended' | 'running';

/**
 * Waits until the Terraform of a Tandem that was killed has ended.
 * @param seconds how long at most
 * @param onWait told once, before waiting begins
 */
export async function waitForEarlier(
  folder: string,
  seconds: number,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Earlier> {
  const earlier = readRunning(folder);
  if (earlier === undefined) return 'none';
  const deadline = performance.now() + seconds * 1000;
  for (let told = false; isRunning(earlier); told = true) {
    signal.throwIfAborted();
    if (performance.now() > deadline) return 'running';
    if (!told) onWait();
    await sleep(250, undefined, { signal });
  }
  return 'ended';
}

function readRunning(folder: string): Pick<ProcessIdentity, 'processId' | 'processStarted'> | undefined {
  try {
    const noted = JSON.parse(readIfThere(join(folder, RUNNING)) ?? '{}') as Partial<ProcessIdentity>;
    return typeof noted.processId === 'number' && noted.processId > 1
      ? { processStarted: '', ...noted, processId: noted.processId }
      : undefined;
  } catch {
    return undefined;
  }
}
