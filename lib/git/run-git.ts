import { execFile } from 'node:child_process';
import { childEnvironment } from '../processes/child-environment.ts';

export interface GitResult {
  /** -1 where it could not be run, or did not end in time. */
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export interface GitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly input?: string | Uint8Array | undefined;
  /** An index of its own instead of the checkout's. */
  readonly indexFile?: string;
  /** After which git is ended, in seconds. @default 300 */
  readonly timeoutSeconds?: number;
}

/** Longer than any remote takes to answer; somebody may also have to type a passphrase. */
const PATIENCE_SECONDS = 300;

/**
 * Runs git in a folder, as the operator. Fails by its code alone, for callers to judge.
 * @throws AbortError where the signal asked to stop
 */
export async function runGit(
  cwd: string,
  args: readonly string[],
  { signal, input, indexFile, timeoutSeconds = PATIENCE_SECONDS }: GitOptions = {},
): Promise<GitResult> {
  signal?.throwIfAborted();
  // No prompt for a password: there may be no one to answer, and the question would hang.
  const env: NodeJS.ProcessEnv = {
    ...childEnvironment('git-write', process.env),
    ...{ LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', GIT_MERGE_AUTOEDIT: 'no' },
    ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
  };
  const limits = { timeout: timeoutSeconds * 1000, maxBuffer: 64 * 1024 * 1024 };
  const result = await new Promise<GitResult>((resolve) => {
    const options = { cwd, env, encoding: 'utf8', ...limits, ...(signal === undefined ? {} : { signal }) } as const;
    const child = execFile('git', ['--no-pager', ...args], options, (error, output, errors) => {
      const isLate = error?.killed === true && signal?.aborted !== true;
      const said = errors === '' && error !== null ? error.message : errors;
      const late = `it did not end within ${timeoutSeconds} seconds`;
      resolve({ code: error === null ? 0 : (child.exitCode ?? -1), output, errors: isLate ? late : said });
    });
    // Git may end without reading what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
  signal?.throwIfAborted();
  return result;
}
