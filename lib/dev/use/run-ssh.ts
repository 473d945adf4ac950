import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { childEnvironment } from '../../processes/child-environment.ts';
import { shellWord } from '../../text/shell-word.ts';
import { noSsh } from './errors.ts';

export interface SshRun {
  /** Of the command there; 255 where SSH itself failed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SshRunOptions {
  /** Variables of the operator. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the terminal is the command's; else its output is given back, and nobody can be asked. */
  readonly terminal: boolean;
}

/** The command as the far shell takes it, each word as it was given. A single word is a line for that shell. */
export function remoteCommand(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : words.map(shellWord).join(' ');
}

/** Runs the system's ssh. @throws TandemError `no-ssh` */
export async function runSsh(command: readonly string[], { environment, terminal }: SshRunOptions): Promise<SshRun> {
  const [program = '', ...args] = command;
  const quiet = terminal ? [] : ['-o', 'BatchMode=yes'];
  const child = spawn(program, [...quiet, ...args], {
    env: childEnvironment('login', environment),
    stdio: terminal ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk;
    });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 255, ...said };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw noSsh();
    throw error;
  }
}
