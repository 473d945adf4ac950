/** Formatting, types, lint and structure: every check runs, each is reported, one failure fails all. */
import { join } from 'node:path';
import { run } from './child.mjs';
import { fail } from './ensure.mjs';

/** What `--fix` adds, where a tool can mend what it finds. */
const fixes = { biome: '--write', eslint: '--fix' };

/** @type {Record<string, string[]>} */
const checks = {
  biome: ['biome', 'check', '--colors=off'],
  tsc: ['tsc', '--noEmit', '--pretty', 'false'],
  eslint: ['eslint', '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/'],
  depcruise: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', '.'],
  knip: ['knip', '--no-progress'],
};

/**
 * Runs all checks, or those named; `--fix` mends what can be. Returns the exit code.
 * @param {string} root
 * @param {readonly string[]} args
 */
export async function lint(root, args) {
  const fix = args.includes('--fix');
  const names = args.filter((arg) => arg !== '--fix');
  const wanted = names.length > 0 ? names : Object.keys(checks);
  const unknown = wanted.find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) fail(`no check '${unknown}'; there are ${Object.keys(checks).join(', ')}`);
  let failed = 0;
  for (const name of wanted) failed += (await check(root, name, fix)) ? 0 : 1;
  console.log(failed === 0 ? 'lint: all passed' : `lint: ${failed} of ${wanted.length} failed`);
  return failed === 0 ? 0 : 1;
}

/**
 * @param {string} root
 * @param {string} name
 * @param {boolean} fix
 */
async function check(root, name, fix) {
  const [tool = '', ...args] = checks[name] ?? [];
  if (fix && name in fixes) args.push(fixes[/** @type {keyof typeof fixes} */ (name)]);
  const started = performance.now();
  const bin = join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const { code, output } = await run([join(bin, tool), ...args], { cwd: root, env, capture: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}
