#!/usr/bin/env node
/**
 * `npx tandem`. Any Node from 20 up starts this; the program itself runs on the Node that the project pins. Where that is
 * the one running already, as under npx, the program is loaded in place: no second process.
 */
import { realpathSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { ensure, root } from '../scripts/ensure.mjs';
import { pathsOf } from '../scripts/stamp.mjs';

await ensure();
const { node, compileCache } = pathsOf(root);
const main = join(root, 'lib/cli/main.ts');
if (process.execPath === realpathSync(node)) {
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE'] ?? compileCache);
  await import(main);
} else {
  const { run } = await import('../scripts/child.mjs');
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? compileCache };
  const { code } = await run([node, '--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], { env });
  process.exitCode = code;
}
