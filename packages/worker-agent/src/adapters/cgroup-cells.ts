import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessSpec } from '../ports.ts';
import type { Cell, Cells } from './cell.ts';
import { kill, killMarked, MARK } from './marked-cells.ts';

const JOB = 'job-';
const OWN = 'agent';
/** The kernel kills at once; how long the last of many processes may take to be gone. */
const GONE_MS = 10_000;

/**
 * A control group (version 2) a job, below the one that systemd delegates to the agent's unit: no process leaves it by `setsid` or
 * `fork`, its limits hold for all of them together, and one write ends them all. Below the delegated group a job may move its processes
 * elsewhere, being of the same user: those are found and ended too.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html, https://systemd.io/CGROUP_DELEGATION/
 */
export class CgroupCells implements Cells {
  readonly #root: string;
  readonly #open = new Set<string>();
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
      const own = join(root, OWN);
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, 'cgroup.procs'), String(process.pid));
      const available = readFileSync(join(root, 'cgroup.controllers'), 'utf8').split(/\s+/);
      for (const each of ['memory', 'pids'].filter((name) => available.includes(name)))
        writeFileSync(join(root, 'cgroup.subtree_control'), `+${each}`);
      const cells = new CgroupCells(root);
      cells.#removeStrange();
      return cells;
    } catch {
      return undefined;
    }
  }

  open({ command, limits, cleanup }: Pick<ProcessSpec, 'command' | 'limits' | 'cleanup'>): Cell {
    this.#count += 1;
    const name = `${JOB}${process.pid}-${this.#count}`;
    const folder = join(this.#root, name);
    mkdirSync(folder);
    this.#open.add(name);
    const { memoryMiB, processes } = limits ?? {};
    if (memoryMiB !== undefined) {
      writeFileSync(join(folder, 'memory.max'), String(memoryMiB * 1024 * 1024));
      writeFileSync(join(folder, 'memory.oom.group'), '1');
    }
    if (processes !== undefined) writeFileSync(join(folder, 'pids.max'), String(processes));
    // The shell enters before it becomes the command: nothing starts outside. A job is ended for lack of memory before its agent is.
    const enter = 'echo 500 > /proc/self/oom_score_adj; echo $$ > "$1" && shift && exec "$@"';
    const mark = randomUUID();
    return {
      command: ['/bin/sh', '-c', enter, 'enter', join(folder, 'cgroup.procs'), ...command],
      env: { [MARK]: mark },
      ranOutOfMemory: () => /^oom_kill [1-9]/m.test(text(join(folder, 'memory.events'))),
      // From inside a container no control group can be changed; and what its engine leaves running serves the next one.
      clear: () => this.#clear(name, cleanup === undefined ? mark : undefined),
    };
  }

  async #clear(name: string, mark: string | undefined): Promise<void> {
    const folder = join(this.#root, name);
    for (const until = Date.now() + GONE_MS; ; ) {
      // In this order: what is started meanwhile by one that hides is in the cell, or hides too.
      const hidden = mark === undefined ? [] : this.#hidden(name, mark);
      for (const pid of hidden) kill(pid);
      if (end(folder) && hidden.length === 0) break;
      if (Date.now() >= until) throw new Error(`processes of ${folder} do not end`);
      await wait(5);
    }
    this.#open.delete(name);
    if (mark !== undefined) this.#removeStrange();
  }

  /** Processes outside of the cells that are not the agent's, and those in another job's cell that have this one's mark. */
  #hidden(name: string, mark: string): number[] {
    const others = [...this.#open].filter((each) => each !== name);
    const strays = processesIn(this.#root, this.#open).filter((pid) => !isOfAgent(pid));
    return others.length === 0 ? strays : [...strays, ...killMarked(mark)];
  }

  /** Groups that no job has now. */
  #removeStrange(): void {
    for (const each of foldersIn(this.#root)) if (each !== OWN && !this.#open.has(each)) end(join(this.#root, each));
  }
}

/** True when it is empty, and removed with all groups that were made below it. */
function end(folder: string): boolean {
  try {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
    for (const each of foldersIn(folder)) end(join(folder, each));
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Of a group and those below it, but for the cells of jobs. */
function processesIn(folder: string, without: ReadonlySet<string>): number[] {
  const own = text(join(folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  const below = foldersIn(folder).filter((name) => !without.has(name));
  return [...own, ...below.flatMap((name) => processesIn(join(folder, name), new Set()))];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));
  } catch {
    return [];
  }
}

/** The agent, and what it started that has not left it: a process whose parent has ended is adopted by another. */
function isOfAgent(pid: number): boolean {
  for (let each = pid; each > 1; each = parentOf(each)) if (each === process.pid) return true;
  // One of another namespace.
  return pid === 0;
}

/** Zero where it is gone. */
function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(text(`/proc/${pid}/status`))?.[1] ?? 0);
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
