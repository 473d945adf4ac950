/**
 * Makes the project ready to run: dependencies as the lock file says, bindings as the schema says.
 * Everything starts through here, so the good case costs a few milliseconds: it only compares stamps.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from './stamp.mjs';

/** The project's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs and generates what is missing or out of date; ends the process with a message where that fails. */
export async function ensure() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    fail(`this is Node ${process.versions.node}; Tandem starts with Node 20 or newer`);
  }
  const found = inspect(root);
  if (found.dependencies && found.bindings && found.agent) return;
  const { prepare, SetupError } = await import('./prepare.mjs');
  try {
    await prepare(root);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    fail(error.message, error.exitCode);
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
export function fail(message, exitCode = 1) {
  console.error(`tandem: ${message}`);
  process.exit(exitCode);
}
