/** `npm start`, `npm test` and the others. Any Node from 20 up runs this; what it starts runs on the project's own Node. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { ensure, fail, root } from './ensure.mjs';
import { lint } from './lint.mjs';
import { pathsOf } from './stamp.mjs';

/** What `npm start` shows: everything, as it would be built from nothing. */
const startArguments = ['plan', '--all', '--base', 'none'];

const { node, compileCache, bindings, lockFile } = pathsOf(root);

/**
 * @param {string} script
 * @param {readonly string[]} args
 */
const onNode = async (script, args) => {
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? compileCache };
  return (await run([node, '--disable-warning=ExperimentalWarning', join(root, script), ...args], { env })).code;
};

/** @param {string} tier `unit`, or a folder of test/real */
const tests = (tier) => (/** @type {string[]} */ args) =>
  onNode('node_modules/vitest/vitest.mjs', ['run', '--project', tier, ...args]);

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
  start: (args) => onNode('lib/cli/main.ts', [...startArguments, ...args]),
  test: tests('unit'),
  lint: (args) => lint(root, args),
  bench: (args) => onNode('bench/main.ts', args),
  docs: (args) => onNode('scripts/docs.ts', args),
  bindings: async () => 0,
  // At the end of npm's own install, whoever started it: afterwards everything is ready, for `npx cdktn synth` as well.
  // npx runs it too, where it links this project into its own cache: before anything is installed there is nothing to do.
  'after-install': async () => {
    if (!existsSync(node)) return 0;
    const { completeLock } = await import('./complete-lock.mjs');
    const { recordInstall, generateIfStale } = await import('./prepare.mjs');
    completeLock(lockFile);
    recordInstall(root);
    await generateIfStale(root);
    return 0;
  },
};

const [name = '', ...args] = process.argv.slice(2);
const tier = /^test:(\w+)$/.exec(name)?.[1];
const command = tier !== undefined ? tests(tier) : Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) fail(`no command '${name}'; there are test:TIER, ${Object.keys(commands).join(', ')}`);
if (tier !== undefined && !existsSync(join(root, 'test/real', tier))) fail(`there is no test/real/${tier}`);
if (name === 'bindings') rmSync(bindings, { force: true });
if (name !== 'after-install') await ensure();
process.exitCode = await command(args);
