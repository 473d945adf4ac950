/**
 * The emulator as a program of servers: one archive with all that it needs but Node.js, without CloudFormation, whose specification is
 * larger than all the rest. The same bytes for the same sources and lock file. Prints the archive's path and its SHA-256.
 *
 *     node packages/lab-aws/scripts/server.mts OUT.tar
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'rolldown';
import { create } from 'tar';

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
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  // Without times, owners and whatever else differs between machines.
  const filter = (_name: string, stat: object): boolean => {
    Object.assign(stat, { nlink: 1, mode: 0o100644 });
    return true;
  };
  create({ file: out, cwd: folder, portable: true, mtime: new Date(0), noDirRecurse: true, sync: true, filter }, names);
  const content = readFileSync(out);
  process.stdout.write(`${out} ${createHash('sha256').update(content).digest('hex')} ${content.length}\n`);
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
