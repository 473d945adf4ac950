import { hash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that can be told from every other, on this machine and elsewhere. Fields are empty where the system does not say. */
export interface ProcessIdentity {
  /** A digest of the machine's own id and its network cards: copies of one image differ in their cards. */
  readonly machineId: string;
  /** Changes with each start of the kernel. */
  readonly bootId: string;
  /** Containers of one machine may have one host name, and never one name space. */
  readonly pidNamespace: string;
  readonly processId: number;
  /** When it started, as the kernel counts: numbers are used again. */
  readonly processStarted: string;
}

/** The machine's own processes are in this name space, on every Linux; those of containers in others. */
const OUTERMOST = 'pid:[4026531836]';

export function identifyProcess(processId: number = process.pid): ProcessIdentity {
  const { machineId, bootId, pidNamespace } = ownSystem();
  return { machineId, bootId, pidNamespace, processId, processStarted: startOf(processId) };
}

/**
 * Whether a process has certainly ended. It has where it was in our own name space and is no longer there, and where this very machine
 * was started again since. Of anything else, nothing is known.
 * @param since - When it was last seen to be alive, ISO 8601
 */
export function hasEnded(holder: ProcessIdentity & { readonly since: string }, own = ownSystem()): boolean {
  const { machineId, bootId, pidNamespace } = holder;
  if (bootId === '' || pidNamespace === '') return false;
  if (bootId === own.bootId) return pidNamespace === own.pidNamespace && !isRunning(holder);
  const isThisMachine = machineId !== '' && machineId === own.machineId;
  const isOutermost = pidNamespace === OUTERMOST && own.pidNamespace === OUTERMOST;
  return isThisMachine && isOutermost && Date.parse(holder.since) < own.bootedAt;
}

/** Whether a process of our own name space still runs: numbers are used again, so the start must agree where both are known. */
export function isRunning({
  processId,
  processStarted,
}: Pick<ProcessIdentity, 'processId' | 'processStarted'>): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const started = startOf(processId);
  return started === '' || (processStarted === '' ? started !== ENDED : started === processStarted);
}

export interface SystemIdentity extends Pick<ProcessIdentity, 'machineId' | 'bootId' | 'pidNamespace'> {
  /** Milliseconds since 1970. */
  readonly bootedAt: number;
}

let known: SystemIdentity | undefined;

/** The system that this process runs in. */
function ownSystem(): SystemIdentity {
  known ??= {
    machineId: digestOfMachine(),
    bootId: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: told(() => readlinkSync('/proc/self/ns/pid')),
    bootedAt: Number(/^btime (\d+)$/m.exec(told(() => readFileSync('/proc/stat', 'utf8')))?.[1] ?? Number.NaN) * 1000,
  };
  return known;
}

function digestOfMachine(): string {
  const id = told(() => readFileSync('/etc/machine-id', 'utf8'));
  if (id === '') return '';
  const cards = told(() =>
    readdirSync('/sys/class/net')
      .filter((name) => told(() => readlinkSync(`/sys/class/net/${name}/device`)) !== '')
      .map((name) => told(() => readFileSync(`/sys/class/net/${name}/address`, 'utf8')))
      .sort()
      .join(' '),
  );
  return hash('sha256', `${id} ${cards}`).slice(0, 32);
}

function told(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** The start of a zombie: it has ended, and whoever started it has not asked yet. */
const ENDED = 'ended';

/** Field 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets. */
function startOf(processId: number): string {
  const stat = told(() => readFileSync(`/proc/${processId}/stat`, 'utf8'));
  if (stat === '') return '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? ENDED : (fields[19] ?? '');
}
