import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfParts } from '../stack/content-hash.ts';

/** Where the code of synthesis is: the folder above `stacks/`. */
export const CODE_ROOT: string = join(import.meta.dirname, '..', '..');

/**
 * All that an artefact can depend on besides its inputs, relative to the project's root. A test follows the imports of `stacks/`
 * and fails if they leave these paths.
 */
export const CODE_PATHS: readonly string[] = [
  'stacks',
  'lib/stack',
  'lib/openstack',
  'lib/aws',
  'lib/private-cloud',
  'lib/synthesis',
  'lib/engines',
  'lib/link',
  'lib/net',
  'lib/config',
  'lib/errors',
  'packages',
  'package-lock.json',
  'cdk.json',
  'cdk.context.json',
  'cdktf.json',
];

/** Generated from what stands beside it, and stamped with a hash of that. */
const GENERATED = /^packages\/[^/]+\/lib(?:\/|$)/;
const SKIPPED = new Set(['node_modules', 'cdk.out', 'cdktf.out']);

const hashes = new Map<string, string>();

/** `sha256:…` of the code, of Node and of the environment that both CDKs read. Read once a process. */
export function codeHash(root: string = CODE_ROOT): string {
  let made = hashes.get(root);
  if (made === undefined) {
    const parts = ['tandem.artefact/1', process.version];
    for (const path of CODE_PATHS) collect(root, path, parts);
    for (const file of stampsOf(root)) collect(root, file, parts);
    made = hashOfParts([...parts, ...settings()]);
    hashes.set(root, made);
  }
  return made;
}

function collect(root: string, path: string, parts: string[]): void {
  if (GENERATED.test(path) && !path.endsWith('/.stamp')) return;
  try {
    parts.push(path, readFileSync(join(root, path), 'latin1'));
  } catch (error) {
    if (codeOf(error) !== 'EISDIR') return;
    for (const name of readdirSync(join(root, path)).sort()) {
      if (!SKIPPED.has(name) && !name.startsWith('.')) collect(root, `${path}/${name}`, parts);
    }
  }
}

function stampsOf(root: string): string[] {
  try {
    return readdirSync(join(root, 'packages')).map((name) => `packages/${name}/lib/.stamp`);
  } catch {
    return [];
  }
}

/** Both libraries take context and switches from the environment. */
function settings(): string[] {
  return Object.entries(process.env)
    .filter(([name]) => /^(?:CDK|CDKTF|CDKTN|SYNTH)_/.test(name) && name !== 'CDKTN_DISABLE_CREATION_STACK')
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
