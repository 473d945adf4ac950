import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onFile } from '../../fs/fault.ts';
import { ownWorkFolder } from '../../fs/own-work.ts';
import { requireNoLinks } from '../../fs/trusted.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { workFolder } from '../work-folder.ts';

/** Where Terraform puts a state that its back end did not take. */
export const ERRORED = 'errored.tfstate';
/** The state in clear while Terraform works on one that is kept encrypted. */
export const WORKING = 'terraform.tfstate';
/** Output of an apply, which is read while it runs. */
export const OUTPUT = 'apply.jsonl';
/** Which process applies. */
export const RUNNING = 'running.json';
const ROOT = 'cdk.tf.json';
const ADOPTED = 'adopted.tf.json';
const OVERRIDE = 'backend_override.tf.json';

/** All that Tandem and Terraform put there. Terraform would take any other `*.tf`, `*.tf.json` and `*.auto.tfvars` for its own. */
const NAMES: ReadonlySet<string> = new Set([
  ...[ROOT, ADOPTED, OVERRIDE, ERRORED, WORKING, `${WORKING}.backup`, `.${WORKING}.lock.info`],
  ...[OUTPUT, `${OUTPUT}.err`, RUNNING, '.terraform/', '.terraform.lock.hcl'],
]);

function stateFile(root: string, stack: StackId): string {
  return join(root, '.tandem', 'state', `${stack}.tfstate`);
}

export interface WorkFolderOptions {
  readonly readOnly: boolean;
  /** Terraform works on a copy of the state in the folder itself. */
  readonly isSealed: boolean;
}

/** Puts the artefact, and the imports of this run alone, in place; nothing else that Terraform reads is there. */
export function fillWorkFolder(
  root: string,
  stack: SynthesizedStack,
  imports: readonly Import[],
  { readOnly, isSealed }: WorkFolderOptions,
): string {
  const folder = ownWorkFolder(root, workFolder(root, stack.id, readOnly), NAMES);
  requireNoLinks(root, stateFile(root, stack.id));
  mkdirSync(dirname(stateFile(root, stack.id)), { recursive: true, mode: 0o700 });
  const put = (name: string, text: string): void => {
    onFile(join(folder, name), () => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    });
  };
  put(ROOT, stack.text);
  if (imports.length === 0) rmSync(join(folder, ADOPTED), { force: true });
  else put(ADOPTED, JSON.stringify({ import: imports }));
  if (isSealed) put(OVERRIDE, JSON.stringify({ terraform: { backend: { local: { path: WORKING } } } }));
  else rmSync(join(folder, OVERRIDE), { force: true });
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
