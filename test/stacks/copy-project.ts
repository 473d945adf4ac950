import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CODE_ROOT } from '../../lib/synthesis/code.ts';

const exec = promisify(execFile);

/** What a project has besides its code. */
const DATA = ['config', 'docs/examples', 'package.json', 'package-lock.json'];

/** A copy of the project without its code in another folder, for command lines that run in this process. */
export const copyData = (): string => copyOf(DATA);

/** A copy of the project in another folder: what a clone would be, with the installed packages linked. */
export function copyProject(): string {
  const folder = copyOf(['bin', 'lib', 'stacks', 'packages', ...DATA]);
  symlinkSync(join(CODE_ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function copyOf(parts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-copy-'));
  for (const part of parts) cpSync(join(CODE_ROOT, part), join(folder, part), { recursive: true });
  return folder;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line of a project that holds the code as well. */
export async function tandem(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return await run(join(root, 'lib/cli/main.ts'), args, { cwd: root, env });
}

export async function run(
  main: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 256 << 20 };
  try {
    const { stdout, stderr } = await exec(process.execPath, [main, ...args], options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}
