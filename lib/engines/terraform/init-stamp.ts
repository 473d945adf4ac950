import { createHash, hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readIfThere } from '../../fs/files.ts';
import { authenticate, machineKey } from '../../fs/machine-key.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';

/** What `terraform init` makes: plugins that are run, modules, the choice of the back end. */
const MADE = '.terraform';
const LOCK_FILE = '.terraform.lock.hcl';
const STAMP = join(MADE, 'tandem-init');

/**
 * Whether `terraform init` ran here with the same providers, back end, program and settings, and what it made is as it was then. What
 * this user on this machine did not make, such as a plugin that came with a checkout, is not believed.
 */
export function isInitialized(folder: string, fingerprint: string, environment: NodeJS.ProcessEnv): boolean {
  try {
    const code = codeOf(folder, fingerprint, environment);
    return code !== undefined && readFileSync(join(folder, STAMP), 'utf8') === code;
  } catch {
    return false;
  }
}

export function markInitialized(folder: string, fingerprint: string, environment: NodeJS.ProcessEnv): void {
  mkdirSync(join(folder, MADE), { recursive: true, mode: 0o700 });
  const code = codeOf(folder, fingerprint, environment);
  if (code !== undefined) writeFileSync(join(folder, STAMP), code, { mode: 0o600 });
}

/** Removes all that an `init` made. */
export function forgetInitialized(folder: string): void {
  for (const made of [MADE, LOCK_FILE]) rmSync(join(folder, made), { recursive: true, force: true });
}

/** All that `terraform init` depends on, as a digest. */
export function initFingerprint(stack: SynthesizedStack, folder: string, facts: readonly string[]): string {
  const { terraform } = JSON.parse(stack.text) as { terraform?: unknown };
  const override = readIfThere(join(folder, 'backend_override.tf.json')) ?? '';
  return hash('sha256', JSON.stringify([terraform ?? null, override, ...facts]));
}

/** Undefined where this user has no key: then each run initialises anew. */
function codeOf(folder: string, fingerprint: string, environment: NodeJS.ProcessEnv): string | undefined {
  const key = machineKey(environment);
  if (key === undefined) return undefined;
  return authenticate(key, ['terraform-init', folder, fingerprint, digestOf(folder)]);
}

/** Of all files and links that an `init` made. Links are not followed: they lead to the user's own cache, or are a change. */
function digestOf(folder: string): string {
  const digest = createHash('sha256');
  const add = (name: string, content: string | Buffer): void => {
    digest.update(`${name}\0${content.length}\0`).update(content);
  };
  const entries = readdirSync(join(folder, MADE), { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { entry, path } of entries) {
    const name = relative(folder, path);
    if (name === STAMP) continue;
    if (entry.isSymbolicLink()) add(`link ${name}`, readlinkSync(path));
    else if (entry.isFile()) add(`file ${name}`, readFileSync(path));
  }
  add(LOCK_FILE, readIfThere(join(folder, LOCK_FILE)) ?? '');
  return digest.digest('hex');
}
