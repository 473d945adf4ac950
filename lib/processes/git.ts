import { childEnvironment } from './child-environment.ts';

/** How a git that only reads is started. */
export interface GitStart {
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * A git command that reads a repository and runs nothing that the repository names: no hook, no watcher, no pager, no filter of a
 * difference, no helper of a transport, and no repository that hides inside another.
 */
export function gitReading(args: readonly string[], operator: NodeJS.ProcessEnv = process.env): GitStart {
  return {
    args: ['--no-pager', ...QUIET.flatMap((setting) => ['-c', setting]), ...args],
    env: { ...childEnvironment('git-read', operator), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
  };
}

const QUIET = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'safe.bareRepository=explicit',
  'diff.external=',
  'log.showSignature=false',
];
