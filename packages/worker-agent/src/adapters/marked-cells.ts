import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessSpec } from '../ports.ts';
import type { Cell, Cells } from './cell.ts';

const NAME = 'TANDEM_JOB_MARK';
const GONE_MS = 10_000;

/**
 * Where no control group is the agent's own, as outside systemd: a job's processes are known by a mark in their environment, which
 * children inherit and `setsid` does not take away. One that clears its environment is missed, and there are no limits.
 */
export class MarkedCells implements Cells {
  open({ command }: Pick<ProcessSpec, 'command'>): Cell {
    const mark = randomUUID();
    return { command, env: { [NAME]: mark }, ranOutOfMemory: () => false, clear: () => clear(`${NAME}=${mark}`) };
  }
}

async function clear(mark: string): Promise<void> {
  // What is killed may have started something meanwhile.
  const until = Date.now() + GONE_MS;
  while (Date.now() < until) {
    const found = marked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    await wait(5);
  }
  throw new Error('processes of the job do not end');
}

function marked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map(Number);
}

/** Empty for a process that is gone, is a zombie, or is somebody else's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
