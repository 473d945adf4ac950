/**
 * `npm run setup`, and the beginning of `npm start` and `npm test`: makes a checkout ready to run. Installs and generates what is missing or
 * out of date, by one process at a time; whoever comes second waits for the first, and finds the work done. Needs Node 20 and npm only.
 *
 * npm calls it too, at the end of an install (`--after-install`): then nothing is installed, only generated.
 */
import { accessSync, constants, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { run } from '../bin/child.mjs';
import { fail, root, usableNode } from '../bin/runtime.mjs';
import { withLock } from './lock.mjs';
import { GENERATED, isGenerated, isInstalled, missing, stampOf } from './state.mjs';

if (Number.parseInt(process.versions.node, 10) < 20)
  fail(`this is Node ${process.versions.node}; Tandem starts with Node 20 or newer`);
const afterInstall = process.argv.includes('--after-install');
if (afterInstall || missing(root).length > 0) {
  const onWait = () => console.error('tandem: another process is installing here; waiting for it');
  await withLock(join(root, '.tandem/locks/setup'), onWait, setUp);
}

async function setUp() {
  if (!isInstalled(root)) {
    // npx links this folder into a cache of its own before anything is installed here: that is no install of it.
    if (afterInstall) return;
    await install();
  }
  linkCommand();
  for (const generated of GENERATED.filter((each) => !isGenerated(root, each))) {
    await timed(`making ${generated.name}`, [usableNode(), join(root, generated.folder, generated.script)]);
    writeAtomically(join(root, generated.folder, generated.stamp), stampOf(root, generated));
  }
}

async function install() {
  // A user's own npm settings may leave out what is needed here. No package needs its install script.
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts', '--engine-strict=false'];
  args.push('--include=dev', '--include=optional');
  if (!isHomeWritable()) args.push(`--cache=${join(root, '.tandem/cache/npm')}`);
  const reason = existsSync(join(root, 'node_modules'))
    ? 'what is here is not what package-lock.json says'
    : 'first time: about a minute';
  await timed(`installing dependencies (${reason})`, ['npm', ...args]);
  if (!isInstalled(root)) fail('`npm ci` ended well, but node_modules is not what package-lock.json says');
}

/** npm links the commands of dependencies, not the project's own; without the link `npx tandem` would install a copy first. */
function linkCommand() {
  const folder = join(root, 'node_modules/.bin');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'tandem'))) symlinkSync('../../bin/tandem.mjs', join(folder, 'tandem'));
}

/**
 * One line for the user; the command's own output only if it fails.
 * @param {string} what
 * @param {[string, ...string[]]} command
 */
async function timed(what, command) {
  const started = performance.now();
  process.stderr.write(`tandem: ${what} ... `);
  const { code, output } = await run(command, { cwd: root, env: outerEnvironment(), capture: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${code === 0 ? 'done' : 'failed'} after ${seconds} s\n`);
  if (code === 0) return;
  if (code > 128) fail('interrupted; the same command starts this again', code);
  process.stderr.write(output);
  const next = 'the output above says why; fix that and run the same command again, nothing half-made is used';
  fail(`${command.slice(0, 2).join(' ')} ended with ${code}: ${next}`, code);
}

/** The environment without this project's own `node_modules/.bin`: npm must not run on a Node that it is about to remove. */
function outerEnvironment() {
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
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${content}\n`);
  renameSync(aside, file);
}
