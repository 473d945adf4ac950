import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessSpec } from '../ports.ts';
import type { Cell, Cells } from './cell.ts';

/** In the environment of a job's processes. */
export const MARK = 'TANDEM_JOB_MARK';
const GONE_MS = 10_000;

/**
 * Where no control group is the agent's own, as outside systemd: a job's processes are known by a mark in their environment, which
 * children inherit and `setsid` does not take away. One that clears its environment is missed, and there are no limits.
 */
export class MarkedCells implements Cells {
  open({ command }: Pick<ProcessSpec, 'command'>): Cell {
    const mark = randomUUID();
    return { command, env: { [MARK]: mark }, ranOutOfMemory: () => false, clear: () => clear(mark) };
  }
}

async function clear(mark: string): Promise<void> {
  // What is killed may have started something meanwhile.
  const until = Date.now() + GONE_MS;
  while (Date.now() < until) {
    if (killMarked(mark).length === 0) return;
    await wait(5);
  }
  throw new Error('processes of the job do not end');
}

/** Ends what has the mark. Returns what that was. */
export function killMarked(mark: string): number[] {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${MARK}=${mark}`))
    .map(Number);
  for (const pid of found) kill(pid);
  return found;
}

/** Empty for a process that is gone, is a zombie, or is somebody else's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
