import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessSpec } from '../ports.ts';
import type { Cell, Cells } from './cell.ts';

const JOB = 'job-';
/** The kernel kills at once; how long the last of many processes may take to be gone. */
const GONE_MS = 10_000;

/**
 * A control group (version 2) a job, below the one that systemd delegates to the agent's unit: no process leaves it by `setsid` or
 * `fork`, its limits hold for all of them together, and one write ends them all.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html, https://systemd.io/CGROUP_DELEGATION/
 */
export class CgroupCells implements Cells {
  readonly #root: string;
  #count = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Moves the agent into a leaf of its group, since one with limits holds no processes itself, and ends what an earlier agent left.
   * @param root the agent's own group
   * @returns undefined where the group is not the agent's to change
   */
  static take(root: string): CgroupCells | undefined {
    try {
      const own = join(root, 'agent');
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, 'cgroup.procs'), String(process.pid));
      const available = readFileSync(join(root, 'cgroup.controllers'), 'utf8').split(/\s+/);
      for (const each of ['memory', 'pids'].filter((name) => available.includes(name)))
        writeFileSync(join(root, 'cgroup.subtree_control'), `+${each}`);
      for (const each of readdirSync(root).filter((name) => name.startsWith(JOB))) end(join(root, each));
      return new CgroupCells(root);
    } catch {
      return undefined;
    }
  }

  open({ command, limits }: Pick<ProcessSpec, 'command' | 'limits'>): Cell {
    this.#count += 1;
    const folder = join(this.#root, `${JOB}${process.pid}-${this.#count}`);
    mkdirSync(folder);
    const { memoryMiB, processes } = limits ?? {};
    if (memoryMiB !== undefined) {
      writeFileSync(join(folder, 'memory.max'), String(memoryMiB * 1024 * 1024));
      writeFileSync(join(folder, 'memory.oom.group'), '1');
    }
    if (processes !== undefined) writeFileSync(join(folder, 'pids.max'), String(processes));
    // The shell enters before it becomes the command: nothing starts outside. A job is ended for lack of memory before its agent is.
    const enter = 'echo 500 > /proc/self/oom_score_adj; echo $$ > "$1" && shift && exec "$@"';
    return {
      command: ['/bin/sh', '-c', enter, 'enter', join(folder, 'cgroup.procs'), ...command],
      env: {},
      ranOutOfMemory: () => /^oom_kill [1-9]/m.test(text(join(folder, 'memory.events'))),
      clear: () => clear(folder),
    };
  }
}

async function clear(folder: string): Promise<void> {
  const until = Date.now() + GONE_MS;
  while (Date.now() < until) {
    if (end(folder)) return;
    await wait(5);
  }
  throw new Error(`processes of ${folder} do not end`);
}

/** True when it is empty, and removed. */
function end(folder: string): boolean {
  try {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The folder of this process's own group; undefined where there is no version 2. */
export function ownCgroup(): string | undefined {
  const path = /^0::(.*)$/m.exec(text('/proc/self/cgroup'))?.[1];
  const mount = /^\S+ (\S+) cgroup2 /m.exec(text('/proc/self/mounts'))?.[1];
  return path === undefined || mount === undefined ? undefined : join(mount, path);
}
