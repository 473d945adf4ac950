/**
 * The emulator as a program of servers: one archive with all that it needs but Node.js, without CloudFormation, whose specification is
 * larger than all the rest. The same bytes for the same sources and lock file. Prints the archive's path and its SHA-256.
 *
 *     node packages/lab-aws/scripts/server.mts OUT.tar
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';
import { packProgram } from '../../../lib/programs/pack.ts';

const root = join(import.meta.dirname, '../../..');
const out = resolve(process.argv[2] ?? 'lab-aws.tar');
const modules = join(root, 'node_modules');
/** Loads parts of itself by names that it makes: it can't be bundled. */
const WHOLE = 'dynalite';
const STUB =
  'export function loadAwsServiceSpecSync() { throw new Error("lab/aws: this server has no CloudFormation"); }';

const work = mkdtempSync(join(root, 'node_modules/.cache-lab-aws-'));
try {
  const folder = join(work, 'program');
  mkdirSync(folder);
  const stub = join(work, 'no-cloudformation.mjs');
  writeFileSync(stub, STUB);
  await build({
    input: join(root, 'lab/aws/main.ts'),
    platform: 'node',
    cwd: root,
    logLevel: 'warn',
    external: [WHOLE],
    resolve: { alias: { '@aws-cdk/aws-service-spec': stub } },
    transform: { target: 'node24' },
    output: { file: join(folder, 'lab-aws.mjs'), format: 'esm', codeSplitting: false, minify: true, comments: false },
  });
  for (const name of closureOf(WHOLE))
    cpSync(join(modules, name), join(folder, 'node_modules', name), { recursive: true, filter: isNeeded });
  const { file, sha256, bytes } = packProgram(work, 'program');
  copyFileSync(file, out);
  process.stdout.write(`${out} ${sha256} ${bytes}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A package and all that it needs, as the lock file put them at the top. */
function closureOf(first: string): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const each of Object.keys(dependencies)) visit(each);
  };
  visit(first);
  return [...found].sort();
}

/** Native parts for other machines, and sources of native parts, are left out. */
function isNeeded(path: string): boolean {
  const prebuilt = /\/prebuilds\/([^/]+)/.exec(path)?.[1];
  return (prebuilt === undefined || prebuilt === 'linux-x64') && !/\/(deps|binding\.cc|binding\.gyp)(\/|$)/.test(path);
}
