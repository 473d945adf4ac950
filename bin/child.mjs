/** Child processes that behave as if they were this process: same terminal, same signals, same exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a command to its end. With `capture`, its output is kept and returned instead of shown.
 * @param {readonly [string, ...string[]]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function run([file, ...args], { capture = false, ...options }) {
  const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(file, args, {
    ...options,
    stdio: /** @type {import('node:child_process').StdioOptions} */ (stdio),
  });
  /** @type {string[]} */
  const output = [];
  child.stdout?.setEncoding('utf8').on('data', (text) => output.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text) => output.push(text));
  const release = passSignals(child);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, signal) => resolve(exit ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
    return { code, output: output.join('') };
  } catch (error) {
    return { code: 127, output: `${error instanceof Error ? error.message : String(error)}\n` };
  } finally {
    release();
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function passSignals(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    // A terminal sends Ctrl-C to the whole group; passing it on as well would look like a second, impatient one.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
