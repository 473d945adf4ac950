import type { SshRun } from './run-ssh.ts';

/** What a server says of the programs that it runs. `unreached`: nobody knows, and why. */
export type ProgramsVerdict =
  | { readonly kind: 'serves' }
  | { readonly kind: 'ill'; readonly said: string }
  | { readonly kind: 'unreached'; readonly reason: string };

/** By its name in the lease, `web-1`. */
export type AskPrograms = (name: string, server: string) => Promise<ProgramsVerdict>;

/** What the answer of `bring-up health` means: a line for each component, and 0 where all serve. Pure. */
export function judgePrograms({ code, stdout, stderr }: SshRun): ProgramsVerdict {
  if (code === 0) return { kind: 'serves' };
  const ill = stdout.split('\n').filter((line) => line.endsWith(': does not serve'));
  if (ill.length > 0) return { kind: 'ill', said: ill.join(', ') };
  return { kind: 'unreached', reason: stderr.trim().split('\n').at(-1) || `the health check ended with ${code}` };
}
