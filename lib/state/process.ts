import { readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly processId: number;
  /** When it started, as the kernel counts; empty where the system does not say. */
  readonly processStarted: string;
}

export function identifyProcess(processId: number): ProcessIdentity {
  return { processId, processStarted: startOf(processId) };
}

/** Whether the process still runs. Numbers are used again, so the start must agree where both are known. */
export function isRunning({ processId, processStarted }: ProcessIdentity): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const started = startOf(processId);
  return started === '' || processStarted === '' || started === processStarted;
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets. A zombie has ended. */
function startOf(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
