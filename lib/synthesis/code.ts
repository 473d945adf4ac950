import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfParts } from '../stack/content-hash.ts';

/** Where Tandem's own code is: the folder above `lib/`. A checkout, or the compiled half of an installed package. */
export const CODE_ROOT: string = join(import.meta.dirname, '..', '..');

/**
 * All of Tandem that an artefact can depend on besides its inputs, relative to `CODE_ROOT`. A test follows the imports of `stacks/`
 * and fails if they leave these paths.
 */
export const CODE_PATHS: readonly string[] = [
  'stacks',
  'lib/stack',
  'lib/components',
  'lib/bring-up',
  'lib/openstack',
  'lib/aws',
  'lib/aws-model/ec2/type-names.ts',
  'lib/private-cloud',
  'lib/synthesis',
  'lib/engines',
  'lib/link',
  'lib/net',
  'lib/config',
  'lib/errors',
  'lib/text',
  'packages',
  'package-lock.json',
  'cdk.json',
  'cdk.context.json',
  'cdktf.json',
];

/** What the user's own stacks can depend on, relative to the project's root. */
const PROJECT_PATHS = ['stacks', 'package-lock.json', 'cdk.json', 'cdk.context.json', 'cdktf.json'];

/** Generated from what stands beside it, and stamped with a hash of that. */
const GENERATED = /^packages\/[^/]+\/lib(?:\/|$)/;
const SKIPPED = new Set(['node_modules', 'cdk.out', 'cdktf.out']);

const hashes = new Map<string, string>();

/** Whether the project's folder is also the code's: a checkout of Tandem, whose commits have the code of their time. */
export function isOwnCode(root: string): boolean {
  return realpathSync(root) === realpathSync(CODE_ROOT);
}

/** `sha256:…` of Tandem's code, of Node and of the environment that both CDKs read. Read once a process. */
export function codeHash(): string {
  return hashOnce(CODE_ROOT, [...CODE_PATHS, ...stampsOf(CODE_ROOT)]);
}

/** The same of these paths of Tandem's code alone, for what other rooms keep between runs. */
export function codeHashOf(paths: readonly string[]): string {
  return hashOnce(CODE_ROOT, paths);
}

/** The same of the code of a project, which its own stacks are made from. Read once a process. */
export function projectCodeHash(root: string): string {
  return hashOnce(root, PROJECT_PATHS);
}

function hashOnce(root: string, paths: readonly string[]): string {
  const key = [root, ...paths].join('\n');
  let made = hashes.get(key);
  if (made === undefined) {
    const parts = ['tandem.artefact/1', process.version];
    for (const path of paths) collect(root, path, parts);
    made = hashOfParts([...parts, ...settings()]);
    hashes.set(key, made);
  }
  return made;
}

function collect(root: string, path: string, parts: string[]): void {
  if (GENERATED.test(path) && !path.endsWith('/.stamp')) return;
  try {
    parts.push(path, readFileSync(join(root, path), 'latin1'));
  } catch (error) {
    if (codeOf(error) !== 'EISDIR') return;
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const { name } = entry;
      const inner = `${path}/${name}`;
      if (SKIPPED.has(name) || name.startsWith('.') || name.endsWith('.d.ts')) continue;
      // Not followed: one to a device or to `/` would be read for ever.
      if (entry.isSymbolicLink()) parts.push(inner, readlinkSync(join(root, inner)));
      else if (entry.isFile() || entry.isDirectory()) collect(root, inner, parts);
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
