/** `npm run bench [NAME...]`: every `bench/*.bench.ts`, each exporting one `benchmark`; fails if a claim does not hold. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, judge } from './benchmark.ts';

const ending = '.bench.ts';
const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(1);
}

let failed = 0;
for (const name of wanted.length > 0 ? wanted : all) {
  const { benchmark } = (await import(join(import.meta.dirname, name + ending))) as { readonly benchmark: Benchmark };
  const reason = await benchmark.unavailable?.();
  if (reason !== undefined) {
    console.log(`skip ${benchmark.title}: ${reason}`);
    continue;
  }
  const { holds, line } = judge(benchmark, await benchmark.measure((text) => console.error(`  ${name}: ${text}`)));
  console.log(line);
  failed += holds ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
