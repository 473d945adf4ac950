/**
 * Writes `lib/` (the bindings, compiled) and `schema/reduced.json` (what a plan asks about replacement and secrecy).
 * `npm run bindings` calls it, and the project's scripts do whenever what it stands on has changed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { emitTypeScript } from './emit.mts';
import { reduceSchema } from './reduce.mts';
import { packageRoot, readForceNew, readSchema, versions } from './sources.mts';

/** Compiles one module a resource. Types are not checked again: the generator's own tests did that. */
function compile(from: string, to: string): void {
  const resources = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const compilerOptions = {
    module: 'node20',
    target: 'es2022',
    declaration: true,
    noCheck: true,
    types: [],
    newLine: 'lf',
    rootDir: '.',
    outDir: to,
  };
  const files = resources.map((entry) => `${entry.name}/index.ts`);
  writeFileSync(join(from, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(from, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', from], { stdio: ['ignore', 'inherit', 'inherit'] });
}

// Made beside its destination, then moved: an interrupted run leaves no half-written `lib/`.
const work = mkdtempSync(join(packageRoot, '.generate-'));
try {
  const typescript = await emitTypeScript(work);
  const [lib, reduced] = [join(work, 'lib'), join(work, 'reduced.json')];
  mkdirSync(lib);
  compile(typescript, lib);
  writeFileSync(reduced, `${JSON.stringify(reduceSchema(versions.map(readSchema), readForceNew()))}\n`);
  rmSync(join(packageRoot, 'lib'), { recursive: true, force: true });
  renameSync(lib, join(packageRoot, 'lib'));
  renameSync(reduced, join(packageRoot, 'schema/reduced.json'));
} finally {
  rmSync(work, { recursive: true, force: true });
}
