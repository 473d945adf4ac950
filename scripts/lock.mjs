/** A lock between processes: a file that names its holder. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does `work` while holding the lock. A holder that died is pushed aside; one that lives is waited for.
 * @template T
 * @param {string} path
 * @param {() => void} onWait called once, when there is somebody to wait for
 * @param {() => Promise<T>} work
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let waited = false;
  while (!take(path)) {
    if (pushAside(path)) continue;
    if (!waited) onWait();
    waited = true;
    await sleep(200);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, `${process.pid} ${hostname()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead holder. True if it is worth trying again at once.
 * @param {string} path
 */
function pushAside(path) {
  const holder = read(path);
  if (holder === undefined) return true;
  if (!isDead(holder)) return false;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    // Somebody else may have been quicker and hold the lock already: what was moved is then theirs, and goes back.
    if (read(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
  return true;
}

/**
 * Whether a holder, as written in the lock, is a process of this machine that has ended. A half-written one counts as alive.
 * @param {string} holder
 */
export function isDead(holder) {
  const [, pid, host] = /^(\d+) (.+)$/.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
