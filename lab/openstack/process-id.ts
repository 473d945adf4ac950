import { readdirSync, readFileSync } from 'node:fs';

/** A process that can't be mistaken for a later one of the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks between boot and its start: field 22 of its stat file. */
  readonly startTicks: string;
  /** Numbers start anew at each boot. */
  readonly bootId: string;
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly startTicks: string;
}

export function identify(pid: number): ProcessId | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : { pid, startTicks: stat.startTicks, bootId: bootId() };
}

/** False for one that ended, is a zombie, ran before the last boot, or whose number another process has now. */
export function isAlive(id: ProcessId): boolean {
  const stat = readStat(id.pid);
  return stat !== undefined && stat.state !== 'Z' && stat.startTicks === id.startTicks && bootId() === id.bootId;
}

export function childrenOf(pid: number): readonly number[] {
  return allProcesses().filter((candidate) => readStat(candidate)?.parent === pid);
}

export function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

export function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** The second field of a stat file is the command in parentheses, and may hold spaces and parentheses itself. */
export function parseStat(text: string): Stat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
}

function readStat(pid: number): Stat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
