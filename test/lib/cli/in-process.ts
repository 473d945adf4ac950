import { runTandem } from '../../../lib/cli/run.ts';
import type { Outcome } from '../../stacks/copy-project.ts';

/**
 * Runs the command line inside this process: what a test of words and formats needs, without the start of a Node each time.
 * @param columns width of the terminal @default - none
 */
export async function tandemInProcess(cwd: string, args: readonly string[], columns?: number): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: columns !== undefined,
    columns: columns ?? 100,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const fake = {
    ...{ argv: ['node', 'tandem', ...args], env: { ...process.env, NO_COLOR: '1' }, cwd: () => cwd },
    ...{ on: () => fake, off: () => fake },
    ...{ stdin: { isTTY: false }, stdout: stream('stdout'), stderr: stream('stderr') },
    exitCode: undefined as number | undefined,
  };
  await runTandem(fake as unknown as NodeJS.Process, args);
  return { code: fake.exitCode ?? 0, ...written };
}
