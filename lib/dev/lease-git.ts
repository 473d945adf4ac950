import { setTimeout as sleep } from 'node:timers/promises';
import { type GitOptions, type GitResult, runGit } from '../git/run-git.ts';
import { gitFailed } from './errors.ts';

/** Git in the project's folder, for the adapter of `LeaseRepository`. */
export interface LeaseGit {
  readonly root: string;
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** The answer, trimmed; undefined where git fails or says nothing. */
  ask(...args: string[]): Promise<string | undefined>;
  /**
   * The answer, trimmed. Waits while another git works on the same checkout.
   * @throws TandemError `git-failed`
   */
  require(what: string, args: readonly string[], options?: GitOptions): Promise<string>;
}

/** How long another git may work on this checkout before it is an error, in milliseconds. */
const OTHER_GIT = 15_000;

export function leaseGit(root: string, signal: AbortSignal | undefined): LeaseGit {
  const run: LeaseGit['run'] = (args, options) => runGit(root, args, { ...options, signal });
  return {
    root,
    run,
    async ask(...args) {
      const { code, output } = await run(args);
      return code === 0 && output.trim() !== '' ? output.trim() : undefined;
    },
    async require(what, args, options) {
      const deadline = performance.now() + OTHER_GIT;
      for (;;) {
        const { code, output, errors } = await run(args, options);
        if (code === 0) return output.trim();
        if (!/\.lock'?: File exists/.test(errors) || performance.now() > deadline) throw gitFailed(what, errors);
        await sleep(200, undefined, { signal });
      }
    },
  };
}
