import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { workFolder } from '../work-folder.ts';

function stateFile(root: string, stack: StackId): string {
  return join(root, '.tandem', 'state', `${stack}.tfstate`);
}

/** Puts the artefact, and the imports of this run alone, in place. */
export function fillWorkFolder(
  root: string,
  stack: SynthesizedStack,
  imports: readonly Import[],
  readOnly = false,
): string {
  const folder = workFolder(root, stack.id, readOnly);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(stateFile(root, stack.id)), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'cdk.tf.json'), stack.text, { mode: 0o600 });
  const adoption = join(folder, 'adopted.tf.json');
  if (imports.length === 0) rmSync(adoption, { force: true });
  else writeFileSync(adoption, JSON.stringify({ import: imports }), { mode: 0o600 });
  return folder;
}

/** An import block: what exists under an id becomes the resource at an address. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

/** State that somebody else's Terraform wrote with other modes. */
export function protectState(root: string, stack: StackId): void {
  for (const file of [stateFile(root, stack), `${stateFile(root, stack)}.backup`])
    if (existsSync(file)) chmodSync(file, 0o600);
}

const STAMP = join('.terraform', 'tandem-init');

/** Whether `terraform init` ran here with the same providers, back end, program and settings. */
export function isInitialized(folder: string, fingerprint: string): boolean {
  try {
    return readFileSync(join(folder, STAMP), 'utf8') === fingerprint;
  } catch {
    return false;
  }
}

export function markInitialized(folder: string, fingerprint: string): void {
  mkdirSync(join(folder, '.terraform'), { recursive: true });
  writeFileSync(join(folder, STAMP), fingerprint);
}

export function forgetInitialized(folder: string): void {
  rmSync(join(folder, STAMP), { force: true });
}

/** All that `terraform init` depends on, as a digest. */
export function initFingerprint(stack: SynthesizedStack, facts: readonly string[]): string {
  const { terraform } = JSON.parse(stack.text) as { terraform?: unknown };
  return createHash('sha256')
    .update(JSON.stringify([terraform ?? null, ...facts]))
    .digest('hex');
}
