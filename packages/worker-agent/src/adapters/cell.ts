import type { ProcessSpec } from '../ports.ts';

/** What holds a command together with all that it starts, also with what leaves its process group. */
export interface Cell {
  /** The command that begins inside. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Ends everything in it, at once, and removes it. */
  clear(): Promise<void>;
  /** Whether the kernel killed something in it because of its memory limit. */
  ranOutOfMemory(): boolean;
}

export interface Cells {
  /** @throws Error where none can be made: the machine is at fault, not the job */
  open(spec: Pick<ProcessSpec, 'command' | 'limits' | 'cleanup'>): Cell;
}
